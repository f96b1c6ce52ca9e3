import { wordOf } from "../schema/label";

/** Shape and tone beside the word: never colour alone. Words that are not here stand on their own. */
const looks: Record<string, { tone: string; shape: string }> = {
  ACTIVE: { tone: "ok", shape: "●" },
  APPROVED: { tone: "ok", shape: "✓" },
  PENDING: { tone: "wait", shape: "◷" },
  PAUSED: { tone: "wait", shape: "❚❚" },
  REJECTED: { tone: "bad", shape: "✕" },
  ARCHIVED: { tone: "off", shape: "◌" },
  DELETED: { tone: "off", shape: "⊘" },
};

/** The state of an entry: one that is deleted has no other, whatever it was before. */
export function stateOf({ deleted }: Record<string, unknown>, status: string): string {
  return deleted === true ? "DELETED" : status;
}

/** A word of an enum as a chip. */
export function StatusChip({ word }: { word: string }) {
  const { tone = "off", shape } = looks[word] ?? {};
  return (
    <span className={`chip ${tone}`}>
      {shape && <span aria-hidden="true">{shape}</span>}
      {wordOf(word)}
    </span>
  );
}

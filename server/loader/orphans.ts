import { holdSlot, type Slot, slotNames } from "../kit/journal/slots.js";
import { type JournalLoad } from "./load-journal.js";

/** How often it is looked for journals whose writer has died, in milliseconds. */
const LOOK_MS = 3000;

export interface OrphansParts {
  /** Folder of all slots. */
  folder: string;
  /** Opens the journal in a slot that nobody writes to. */
  open: (slot: Slot) => Promise<JournalLoad>;
  /** Notes that a journal has nothing left to load and nobody who writes it. */
  close: (load: JournalLoad) => Promise<void>;
}

/** Loads the journals of this installation whose writers have died, one at a time. */
export interface Orphans {
  /** Loads a batch of one. @returns whether there was any. */
  step(): Promise<boolean>;
  release(): void;
}

export function createOrphans({ folder, open, close }: OrphansParts): Orphans {
  let adopted: { slot: Slot; load: JournalLoad } | null = null;
  let left: string[] = [];
  let lookedAt = Number.NEGATIVE_INFINITY;

  /** Holds the next slot that nobody holds; those in use are their writers'. */
  async function adoptNext(): Promise<void> {
    for (let name = left.shift(); name !== undefined; name = left.shift()) {
      const slot = holdSlot(folder, name);
      if (!slot) continue;
      try {
        adopted = { slot, load: await open(slot) };
        return;
      } catch (error) {
        slot.release();
        throw error;
      }
    }
  }

  function release(): void {
    adopted?.slot.release();
    adopted = null;
  }

  async function step(): Promise<boolean> {
    if (!adopted && left.length === 0 && performance.now() - lookedAt > LOOK_MS) {
      lookedAt = performance.now();
      left = slotNames(folder);
    }
    if (!adopted) await adoptNext();
    if (!adopted) return false;
    if ((await adopted.load.step()) > 0) return true;
    await close(adopted.load);
    release();
    return left.length > 0;
  }

  return { step, release };
}

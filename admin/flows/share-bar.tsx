import { shareText } from "./shares";

/** How the visitors are divided, as one bar. */
export function ShareBar({ parts }: { parts: { name: string; share: number }[] }) {
  const shown = parts.filter(({ share }) => share > 0);
  if (shown.length === 0) return null;
  return (
    <ul className="share-bar">
      {shown.map(({ name, share }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place.
        <li key={index} style={{ flexGrow: share }} title={`${name} ${shareText(share)}`}>
          <span className="num">{shareText(share)}</span> <span className="share-name">{name}</span>
        </li>
      ))}
    </ul>
  );
}

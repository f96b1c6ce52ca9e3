import { type ComponentType, createElement, lazy, useState } from "react";

/** A part of the admin that is fetched when it is first shown, or before, when `begin` asks for it. */
export type Later<P> = ((props: P) => React.ReactElement) & { begin(): void };

/**
 * `lazy`, but what has been fetched by the time it is shown is drawn at once. React's own would show a fallback for a moment,
 * and React leaves a fallback standing for 300 ms.
 */
export function later<P extends object>(fetch: () => Promise<ComponentType<P>>): Later<P> {
  let fetched: ComponentType<P> | null = null;
  const begin = async () => {
    fetched = await fetch();
    return { default: fetched };
  };
  const Lazy = lazy(begin) as unknown as ComponentType<P>;
  function Part(props: P) {
    // As long as it stands it stays the same component: another one would begin anew.
    const [shown] = useState(() => fetched ?? Lazy);
    return createElement(shown, props);
  }
  // What cannot be fetched is told where it is shown.
  return Object.assign(Part, { begin: () => void begin().catch(() => {}) });
}

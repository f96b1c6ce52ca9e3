/** What is under way, by the moment it began. */
export interface UnderWay {
  /** @param ms  Unix milliseconds. @returns what ends it. */
  begin(ms: number): () => void;
  /** When the oldest that is under way began, in Unix milliseconds; infinity when nothing is. */
  oldest(): number;
}

export function createUnderWay(): UnderWay {
  const begun = new Set<{ ms: number }>();
  return {
    begin: (ms) => {
      const one = { ms };
      begun.add(one);
      return () => void begun.delete(one);
    },
    oldest: () => Math.min(...[...begun].map(({ ms }) => ms)),
  };
}

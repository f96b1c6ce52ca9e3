declare global {
  interface Window {
    /** Kept aside before a clock of ours takes its place. */
    ownAnimationFrame: typeof requestAnimationFrame;
  }
}

/** So often in a row a page must have been seen at rest: between two requests it rests for a moment. */
export const RESTFUL_TURNS = 3;

/**
 * Runs in the page, after it was drawn and what was left to do then. (Chromium may never have an idle moment for one that stands
 * still.) @returns whether it is the page of its address, and nothing on it is still to come.
 */
export function isAtRest(): Promise<boolean> {
  return new Promise((resolve) => {
    (window.ownAnimationFrame ?? window.requestAnimationFrame)(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        const content = document.querySelector<HTMLElement>("#content");
        // The address changes before the page does. Before somebody has signed in there is one page for all of them.
        const isElsewhere =
          content && new URL(`#${content.dataset.place}`, location.href).hash !== (location.hash || "#/");
        const isEmpty = content?.childElementCount === 0;
        resolve(!(isElsewhere || isEmpty || document.querySelector("[aria-busy=true], [data-fetching=true]")));
      };
      port2.postMessage(null);
    });
  });
}

import { type BrowserContext, type Page } from "playwright-core";

declare global {
  interface Window {
    /** How many components React has drawn since it was last set to 0. */
    renders: number;
  }
}

/** A node of React's tree, as its developer tools see it: `flags` has the lowest bit where the component itself was called. */
interface Fiber {
  flags: number;
  child: Fiber | null;
  sibling: Fiber | null;
  alternate: Fiber | null;
}

/** From now on counts in each page of a browser what React draws. */
export async function countRenders(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    window.renders = 0;
    const visit = (fiber: Fiber | null): void => {
      for (let each = fiber; each; each = each.sibling) {
        if (each.flags & 1) window.renders += 1;
        // Children that are those of before were not looked at.
        if (each.child !== each.alternate?.child) visit(each.child);
      }
    };
    const hook = {
      supportsFiber: true,
      inject: () => 1,
      checkDCE: () => {},
      onCommitFiberUnmount: () => {},
      onPostCommitFiberRoot: () => {},
      onCommitFiberRoot: (_: number, root: { current: Fiber }) => visit(root.current),
    };
    Object.assign(window, { __REACT_DEVTOOLS_GLOBAL_HOOK__: hook });
  });
}

/** How many components were drawn for what was done on a page. */
export async function rendersOf(page: Page, act: () => Promise<void>): Promise<number> {
  await page.evaluate(() => {
    window.renders = 0;
  });
  await act();
  return page.evaluate(() => window.renders);
}

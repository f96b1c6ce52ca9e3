/** Stands in for parts of libraries that the admin does not use (`vite.config.ts`). */
const unused = (): never => {
  throw new Error("This was left out of the admin.");
};

export default unused;

/** Stands in for the library behind react-admin's export button, which the admin does not show (`vite.config.ts`). */
const noExport = (): never => {
  throw new Error("The admin does not export this way.");
};

export default noExport;

/** Stands in for the client that ra-data-graphql makes where it is given none; ours is in `data/client.ts` (`vite.config.ts`). */
const noClient = (): never => {
  throw new Error("The admin brings its own client.");
};

export default noClient;

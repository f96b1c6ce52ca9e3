// What the decorators of nouns need, whichever file of ours a test imports first.
import "reflect-metadata";
import fc from "fast-check";

/** Properties try the same values in every run; `CHANCE_SEED` tries others. fast-check prints the seed of one that fails. */
fc.configureGlobal({ seed: Number(process.env.CHANCE_SEED ?? 20_261_130) });

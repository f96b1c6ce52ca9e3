import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { Ctx, Field, ObjectType, Query, Resolver } from "#type-graphql";
import { DateTime } from "../kit/scalars.js";
import { type AddressFileKind, readAddressFile } from "./address-file.js";
import { isOld } from "./address-files.js";
import { countryFile } from "./country.js";
import { asnFile } from "./network.js";

@ObjectType({ description: "A file that says something of IP addresses: their country or their network." })
export class AddressFileDate {
  @Field({ description: "Its name in DATA_DIR." }) name!: string;
  @Field(() => DateTime, { description: "When its data was put together." }) built!: Date;
  @Field({ description: "Whether it is the operator's own rather than the one that comes with Waypost." })
  own!: boolean;
  @Field({ description: "Whether it is the operator's own and older than 90 days." }) old!: boolean;
}

/** What the API needs to say of what date the files are. */
export interface AddressFilesContext {
  addressFiles: () => Promise<AddressFileDate[]>;
}

@Resolver()
export class AddressFilesResolver {
  @Query(() => [AddressFileDate], {
    description: "The files that say country and network of addresses, as they are in the API's DATA_DIR.",
  })
  async addressFiles(@Ctx() context: AddressFilesContext): Promise<AddressFileDate[]> {
    return context.addressFiles();
  }
}

/** Finds out of what date the files are; each is read once as long as it stays the same. */
export function createAddressFileDates(dataDir: string, now: () => number): AddressFilesContext["addressFiles"] {
  const kinds = [countryFile, asnFile].map((kind) => createDateOf(kind as AddressFileKind<unknown>, dataDir, now));
  return async () => (await Promise.all(kinds.map((dateOf) => dateOf()))).filter((date) => date !== null);
}

function createDateOf(kind: AddressFileKind<unknown>, dataDir: string, now: () => number) {
  const own = join(dataDir, kind.name);
  let known: { mark: string; built: Date; own: boolean } | null = null;
  return async (): Promise<AddressFileDate | null> => {
    const isOwn = await isThere(own);
    const file = isOwn ? own : kind.packaged;
    if (file === null) return null;
    const mark = await stat(file).then(({ ino, size, mtimeMs }) => [file, ino, size, mtimeMs].join(" "));
    if (known?.mark !== mark) {
      // One that cannot be read is not taken up by the tracker either: the one before it stays.
      const built = await readFile(file)
        .then((bytes) => readAddressFile(kind, bytes).built)
        .catch(() => null);
      if (built) known = { mark, built, own: isOwn };
    }
    return (
      known && { name: kind.name, built: known.built, own: known.own, old: known.own && isOld(known.built, now()) }
    );
  };
}

function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

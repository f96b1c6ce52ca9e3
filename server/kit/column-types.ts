import { type Platform, Type } from "@mikro-orm/core";
import { formatMoney, readMoney } from "./money.js";

/** MikroORM tells its databases apart by class; the names are what survives duplicate installs. */
export const isSqlite = (platform: Platform): boolean => platform.constructor.name === "SqlitePlatform";

/** A 16-byte id: 32 hexadecimal characters in code, `binary(16)` or `blob` in the database. */
export class IdType extends Type<string, Uint8Array> {
  override convertToDatabaseValue(value: string | null): Uint8Array {
    return value == null ? (value as never) : Buffer.from(value, "hex");
  }
  override convertToJSValue(value: Uint8Array | string | null): string {
    if (value == null || typeof value === "string") return value as string;
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("hex");
  }
  override getColumnType(_: unknown, platform: Platform): string {
    return isSqlite(platform) ? "blob" : "binary(16)";
  }
}

/**
 * Text that is compared byte for byte on every database: no case folding, no accents folded, no trailing space ignored.
 * `varbinary` on MySQL (four bytes a character), plain `text` on SQLite, which compares by bytes anyway.
 */
export class ExactTextType extends Type<string, Uint8Array | string> {
  constructor(private readonly max: number) {
    super();
  }
  override convertToDatabaseValue(value: string | null, platform: Platform): Uint8Array | string {
    return value == null ? (value as never) : isSqlite(platform) ? value : Buffer.from(value, "utf8");
  }
  override convertToJSValue(value: Uint8Array | string | null): string {
    if (value == null || typeof value === "string") return value as string;
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("utf8");
  }
  override getColumnType(_: unknown, platform: Platform): string {
    return isSqlite(platform) ? "text" : `varbinary(${this.max * 4})`;
  }
}

/** The same of any length that a statement can carry. */
export class LongExactTextType extends ExactTextType {
  constructor() {
    super(Number.POSITIVE_INFINITY);
  }
  override getColumnType(_: unknown, platform: Platform): string {
    return isSqlite(platform) ? "text" : "mediumblob";
  }
}

/** An amount: a decimal string in code, whole hundred-millionths in the database, so that sums are exact (`money.ts`). */
export class MoneyType extends Type<string, number | string> {
  override convertToDatabaseValue(value: string | null): string {
    if (value == null) return value as never;
    const amount = readMoney(value);
    if (amount === null) throw new RangeError(`Not an amount: ${value}`);
    return amount.toString();
  }
  override convertToJSValue(value: number | string | null): string {
    return value == null ? (value as never) : formatMoney(BigInt(value));
  }
  override getColumnType(_: unknown, platform: Platform): string {
    return isSqlite(platform) ? "integer" : "bigint";
  }
}

/** A moment: Unix milliseconds on every database, so that no session's time zone can touch it. */
export class InstantType extends Type<Date, number> {
  override convertToDatabaseValue(value: Date | null): number {
    return value == null ? (value as never) : value.getTime();
  }
  override convertToJSValue(value: number | Date | null): Date {
    return typeof value === "number" ? new Date(value) : (value as never);
  }
  override getColumnType(_: unknown, platform: Platform): string {
    return isSqlite(platform) ? "integer" : "bigint";
  }
}

/** JSON kept as the text it was written as: a `json` column of MySQL would sort its keys and round its numbers. */
export class JsonTextType extends Type<unknown, string> {
  override convertToDatabaseValue(value: unknown): string {
    return value == null ? (value as never) : JSON.stringify(value);
  }
  override convertToJSValue(value: unknown): unknown {
    return typeof value === "string" ? JSON.parse(value) : value;
  }
  override getColumnType(_?: unknown, _platform?: Platform): string {
    return "text";
  }
}

/** The same for what may be longer than the 64 KiB that MySQL's `text` holds. */
export class LargeJsonType extends JsonTextType {
  override getColumnType(_?: unknown, platform?: Platform): string {
    return platform && isSqlite(platform) ? "text" : "mediumtext";
  }
}

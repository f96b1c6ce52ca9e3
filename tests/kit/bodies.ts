/** A POST of text or bytes, of that type or without one. */
export function post(type: string | undefined, body: string | Uint8Array<ArrayBuffer>): RequestInit {
  if (type !== undefined) return { method: "POST", headers: { "content-type": type }, body };
  // Of a text `fetch` would name a type itself.
  return { method: "POST", body: typeof body === "string" ? Buffer.from(body) : body };
}

/** A POST of a form, as it goes over the wire. */
export const form = (body: string): RequestInit => post("application/x-www-form-urlencoded", body);

/** A POST of JSON: of a value, or of text as it is. */
export const json = (body: unknown): RequestInit =>
  post("application/json", typeof body === "string" ? body : JSON.stringify(body));

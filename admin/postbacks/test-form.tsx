import { Button, MenuItem, TextField } from "@mui/material";
import { type FormEvent, useEffect, useState } from "react";
import { useTranslate } from "react-admin";
import "../forms/forms.css";
import "./postbacks.css";

const CONTENT_TYPES = { form: "application/x-www-form-urlencoded", json: "application/json" };

/** A request to a postback URL, as it is tried. */
export interface TestRequest {
  url: string;
  method: string;
  body: string;
  contentType: string;
}

const EMPTY: TestRequest = { url: "", method: "GET", body: "", contentType: CONTENT_TYPES.form };
const NAMES = Object.keys(EMPTY) as (keyof TestRequest)[];

/** The request that an address carries. */
export function fromAddress(params: URLSearchParams): TestRequest {
  return Object.fromEntries(NAMES.map((name) => [name, params.get(name) ?? EMPTY[name]])) as unknown as TestRequest;
}

/** The address of a request: what is as it mostly is, is left out. */
export function toAddress(request: TestRequest): URLSearchParams {
  return new URLSearchParams(
    NAMES.filter((name) => request[name].trim() !== EMPTY[name]).map((name) => [name, request[name].trim()]),
  );
}

interface TestFormProps {
  /** What it begins with. */
  request: TestRequest;
  /** What is wrong with the URL. */
  problem?: string;
  onTest: (request: TestRequest) => void;
}

/** A postback URL to be tried; method and body are folded away, since most have none. */
export function TestForm({ request, problem, onTest }: TestFormProps) {
  const translate = useTranslate();
  const [draft, setDraft] = useState(request);
  const { method, body } = draft;
  // Back and Forward bring other requests.
  const address = toAddress(request).toString();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the request is what the address says.
  useEffect(() => setDraft(request), [address]);
  const field = (name: keyof TestRequest) => ({
    label: translate(`waypost.test.${name}`),
    value: draft[name],
    onChange: ({ target }: { target: { value: string } }) => setDraft({ ...draft, [name]: target.value }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onTest(draft);
  };
  return (
    <form className="card fields" onSubmit={submit}>
      <p className="ink2">{translate("waypost.test.text")}</p>
      <TextField
        {...field("url")}
        helperText={problem ?? translate("waypost.test.urlHelp")}
        error={problem !== undefined}
        className="mono-input"
        multiline
        required
        // A new line would be none of the URL's: Enter tests it.
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          event.currentTarget.closest("form")?.requestSubmit();
        }}
      />
      <details open={method !== EMPTY.method || body !== ""}>
        <summary>{translate("waypost.test.more")}</summary>
        <div className="fields">
          <TextField {...field("method")} select>
            {["GET", "POST"].map((each) => (
              <MenuItem key={each} value={each}>
                {each}
              </MenuItem>
            ))}
          </TextField>
          <TextField {...field("body")} className="mono-input" multiline minRows={2} />
          <TextField {...field("contentType")} select>
            {Object.entries(CONTENT_TYPES).map(([name, type]) => (
              <MenuItem key={name} value={type}>
                {translate(`waypost.test.types.${name}`)}
              </MenuItem>
            ))}
          </TextField>
        </div>
      </details>
      <Button type="submit" variant="contained">
        {translate("waypost.test.do")}
      </Button>
    </form>
  );
}

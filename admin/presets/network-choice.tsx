import { Button } from "@mui/material";
import { type ReactNode } from "react";
import { useTranslate } from "react-admin";
import { useFormContext } from "react-hook-form";
import { useAsked } from "../data/use-asked";
import { UrlBox } from "../first-minute/url-box";
import { type NetworkPreset, type PostbackKey, type PostbackKeyInput } from "../generated/types";
import { TestLink } from "../postbacks/test-link";
import { wordOf } from "../schema/label";
import { PresetChoice } from "./preset-choice";
import { PresetError } from "./preset-error";
import { useChosen } from "./use-chosen";
import "./presets.css";

const NETWORKS = "query networks { presets: networks { name } }";
const PRESET = `query networkPreset($name: String!, $postbackKeyId: ID!) {
  preset: networkPreset(name: $name, postbackKeyId: $postbackKeyId) { postbackUrl destination defaultStatus notes { parameter text } }
}`;

/**
 * The postback URL of a network that is chosen by its name, with what else is to be done.
 *
 * @param children  what stands there while none is chosen.
 */
export function NetworkChoice({ postbackKey, children }: { postbackKey: PostbackKey; children: ReactNode }) {
  const translate = useTranslate();
  const [name, setName] = useChosen("network");
  const variables = { name, postbackKeyId: postbackKey.id };
  const { data, error } = useAsked<{ preset: NetworkPreset | null }>(PRESET, variables, { enabled: name !== null });
  return (
    <>
      <PresetChoice label={translate("waypost.preset.network")} query={NETWORKS} chosen={name} onChoose={setName} />
      {name === null && children}
      <div role="status">
        {name !== null && error && <PresetError error={error} />}
        {name !== null && data?.preset && <Preset name={name} preset={data.preset} />}
      </div>
    </>
  );
}

function Preset({ name, preset }: { name: string; preset: NetworkPreset }) {
  const translate = useTranslate();
  const { setValue, watch } = useFormContext();
  const { postbackUrl, destination, defaultStatus, notes } = preset;
  const field = "defaultStatus" satisfies keyof PostbackKeyInput;
  const isChosen = watch(field) === defaultStatus;
  const isParameter = !destination.startsWith("/");
  return (
    <ol className="preset-steps">
      <li>
        <p>{translate(isParameter ? "waypost.preset.addParameter" : "waypost.preset.addPath")}</p>
        <UrlBox url={destination} copy={translate("waypost.preset.copyAdded")} />
      </li>
      <li>
        <p>{translate("waypost.preset.paste", { name })}</p>
        <UrlBox url={postbackUrl} copy={translate("waypost.key.copy")}>
          <TestLink url={postbackUrl} />
        </UrlBox>
      </li>
      {notes.map(({ parameter, text }) => (
        <li key={parameter}>
          <p>
            <code className="mono">{parameter}</code>: {text}
          </p>
          {parameter === "status" && defaultStatus && (
            <Button
              variant="outlined"
              disabled={isChosen}
              onClick={() => setValue(field, defaultStatus, { shouldDirty: true })}
            >
              {translate(isChosen ? "waypost.preset.defaultChosen" : "waypost.preset.chooseDefault", {
                status: wordOf(defaultStatus),
              })}
            </Button>
          )}
        </li>
      ))}
    </ol>
  );
}

import { type ReactNode } from "react";
import { useTranslate } from "react-admin";
import { useAsked } from "../data/use-asked";
import { UrlBox } from "../first-minute/url-box";
import { type NetworkPreset, type PostbackKey } from "../generated/types";
import { TestLink } from "../postbacks/test-link";
import { PresetChoice } from "./preset-choice";
import { PresetError } from "./preset-error";
import { useChosen } from "./use-chosen";
import "./presets.css";

const NETWORKS = "query networks { presets: networks { name } }";
const PRESET = `query networkPreset($name: String!, $postbackKeyId: ID!) {
  preset: networkPreset(name: $name, postbackKeyId: $postbackKeyId) { postbackUrl destination notes { parameter text } }
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

function Preset({ name, preset: { postbackUrl, destination, notes } }: { name: string; preset: NetworkPreset }) {
  const translate = useTranslate();
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
        </li>
      ))}
    </ol>
  );
}

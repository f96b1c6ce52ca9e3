import { useTranslate } from "react-admin";
import { useAsked } from "../data/use-asked";
import { UrlBox } from "../first-minute/url-box";
import { type Flow, type TrafficSourcePreset } from "../generated/types";
import { PresetChoice } from "./preset-choice";
import { PresetError } from "./preset-error";
import { useChosen } from "./use-chosen";
import "../first-minute/first-minute.css";
import "./presets.css";

const SOURCES = "query trafficSources { presets: trafficSources { name } }";
const PRESET = `query trafficSourcePreset($name: String!, $flowId: ID!) {
  preset: trafficSourcePreset(name: $name, flowId: $flowId) { trackingUrl clickIdParameter }
}`;

/** A flow's tracking URL with the macros of a traffic source that is chosen by its name. */
export function TrafficSourceChoice({ flow }: { flow: Flow }) {
  const translate = useTranslate();
  const [name, setName] = useChosen("trafficSource");
  const { data, error } = useAsked<{ preset: TrafficSourcePreset | null }>(
    PRESET,
    { name, flowId: flow.id },
    { enabled: name !== null },
  );
  return (
    <section className="card">
      <h2>{translate("waypost.preset.forSource")}</h2>
      <PresetChoice label={translate("waypost.preset.source")} query={SOURCES} chosen={name} onChoose={setName} />
      <div role="status">
        {name !== null && error && <PresetError error={error} />}
        {name !== null && data?.preset && <Preset name={name} preset={data.preset} />}
      </div>
    </section>
  );
}

function Preset({ name, preset }: { name: string; preset: TrafficSourcePreset }) {
  const translate = useTranslate();
  const { trackingUrl, clickIdParameter: parameter } = preset;
  return (
    <div className="preset-steps">
      <p>{translate("waypost.preset.pasteSource", { name })}</p>
      <UrlBox url={trackingUrl} copy={translate("waypost.first.visit.copy")} />
      <p className="ink2">
        {parameter
          ? translate("waypost.preset.sourceClick", { parameter })
          : translate("waypost.preset.noSourceClick", { name })}
      </p>
    </div>
  );
}

import { Button } from "@mui/material";
import { useState } from "react";
import { useTranslate } from "react-admin";
import { Facts } from "../drawer/facts";
import { type Conversion, type ConversionStatus } from "../generated/types";
import { JourneyLink } from "../journey/journey-link";
import { type DrawerProps } from "../overrides";
import { ChangeQuestion } from "./change-question";
import { History } from "./history";
import { statuses } from "./statuses";
import "./conversions.css";

/** One conversion: what can be done to it, its facts, and all that was said of it. */
export function ConversionEntry({ resource, row }: DrawerProps<Conversion>) {
  return (
    <>
      <ChangeOne conversion={row} />
      <Facts resource={resource} row={{ ...row }} without={["history"]} />
      <History conversion={row} />
      <JourneyLink click={row.clickHash} />
    </>
  );
}

/** The statuses that the conversion does not have; the question stands in their place. */
function ChangeOne({ conversion: { id, status: current } }: { conversion: Conversion }) {
  const translate = useTranslate();
  const [status, setStatus] = useState<ConversionStatus | null>(null);
  const close = () => setStatus(null);
  if (status) {
    const selection = { filter: { ids: [id] }, count: 1 };
    return <ChangeQuestion selection={selection} status={status} onDone={close} onCancel={close} />;
  }
  return (
    <div className="change-line">
      {statuses
        .filter((each) => each !== current)
        .map((each) => (
          <Button key={each} variant="outlined" onClick={() => setStatus(each)}>
            {translate(`waypost.change.do.${each}`)}
          </Button>
        ))}
    </div>
  );
}

import { useTranslate } from "react-admin";
import { Link } from "react-router-dom";
import { useAsked } from "../data/use-asked";
import { type AddressFileDate } from "../generated/types";
import { helpPath } from "../help/help-pages";
import "./address-files.css";

const FILES = "query AddressFiles { addressFiles { name built own old } }";

/** Where countries and networks come from, and of what date that is: its maker asks for a link where they are shown. */
export function AddressFiles() {
  const { data } = useAsked<{ addressFiles: AddressFileDate[] }>(FILES);
  return (
    <footer className="address-files">
      {data?.addressFiles.map((file) => (
        <AddressFile key={file.name} file={file} />
      ))}
    </footer>
  );
}

function AddressFile({ file: { name, built, own, old } }: { file: AddressFileDate }) {
  const translate = useTranslate();
  const date = new Date(built).toISOString().slice(0, 10);
  return (
    <p>
      {translate(name === "asn.mmdb" ? "waypost.addressFiles.asn" : "waypost.addressFiles.country")}{" "}
      {own ? (
        translate("waypost.addressFiles.own", { name })
      ) : (
        <a href="https://db-ip.com" target="_blank" rel="noreferrer">
          {translate("waypost.addressFiles.credit")}
        </a>
      )}{" "}
      {translate("waypost.addressFiles.of", { date })}
      {old && <strong className="chip wait"> {translate("waypost.addressFiles.old")}</strong>}
      {" · "}
      <Link to={helpPath({ slug: "monitoring-and-reports", heading: "countries-and-networks" })}>
        {translate("waypost.addressFiles.replace")}
      </Link>
    </p>
  );
}

import { Button } from "@mui/material";
import { useTranslate } from "react-admin";
import { Link } from "react-router-dom";
import { testPath } from "./test-path";

/** The way to try a postback URL. */
export function TestLink({ url }: { url: string }) {
  const translate = useTranslate();
  return (
    <Button component={Link} to={testPath(url)} variant="outlined" className="url-do">
      {translate("waypost.test.do")}
    </Button>
  );
}

import { describe, expect, it } from "vitest";
import { unreplacedMacro } from "../server/conversions/unreplaced-macro.js";
import networks from "../server/presets/networks.json" with { type: "json" };

import { tryEveryRange } from "../kit/every-range.js";

tryEveryRange("WebKit");

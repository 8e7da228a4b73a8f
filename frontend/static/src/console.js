// Comforts for staff pages: every form does its whole work without this file.
import { guardLeaving } from "./js/leaving.js";
import { selectAll } from "./js/select-all.js";

guardLeaving(document);
selectAll(document);

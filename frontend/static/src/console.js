// Comforts for staff pages: every form does its whole work without this file.
import { guardLeaving } from "./js/leaving.js";

guardLeaving(document);

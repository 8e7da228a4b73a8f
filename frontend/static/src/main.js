// Comforts only: every page does its whole work without this file.
import { enhanceArticle } from "./js/article.js";
import { rememberPlace } from "./js/place.js";

enhanceArticle(document);
rememberPlace(document);

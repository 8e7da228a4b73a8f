// What is pasted from office programs is cleaned by the server, as what is typed into the plain field.
import { askForText } from "./preview.js";
import { withoutStyles } from "./source.js";

const OFFICE = /mso-|class=["']?Mso|urn:schemas-microsoft-com:office|<o:p>|Kingsoft|WPS/i;
const PICTURE = /<img\b/i;

export function handlePaste(editor, event, { longest, say, words, form }) {
  const html = event.clipboardData?.getData("text/html") ?? "";
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (text.length > longest || html.length > 20 * longest) {
    event.preventDefault();
    say(words.long);
    return true;
  }
  if (PICTURE.test(html)) say(words.pictures);
  if (!OFFICE.test(html)) return false;
  event.preventDefault();
  insertCleaned(editor, html, { say, words, form });
  return true;
}

async function insertCleaned(editor, html, { say, words, form }) {
  const answer = await askForText(form, readFragment(html));
  if (answer.html === undefined) say(answer.message ?? words.offline);
  editor.chain().focus().insertContent(answer.html ?? withoutStyles(html)).run();
}

function readFragment(html) {
  return /<!--StartFragment-->([\s\S]*)<!--EndFragment-->/.exec(html)?.[1] ?? html;
}

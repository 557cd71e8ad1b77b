import { JXT } from 'stanza';

/** An id letter by letter: stanza 12.22 takes an empty one for none, and an answer without it reaches nobody. */
const EXACT_ID: JXT.FieldDefinition<string> = {
	importer: (xml) => xml.getAttribute('id'),
	exporter(xml, id) {
		xml.setAttribute('id', id, true);
	},
};
export const EXACT_IDS: readonly JXT.DefinitionOptions[] = [
	JXT.extendIQ({ id: EXACT_ID }),
	JXT.extendMessage({ id: EXACT_ID }),
];

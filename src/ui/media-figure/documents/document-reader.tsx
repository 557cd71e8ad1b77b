import { createResource, createSignal, Match, onCleanup, Show, Switch } from 'solid-js';
import type { MediaItem } from '../../../chat/files/media-item.ts';
import type { MediaLibrary } from '../../../chat/files/media-library.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Icon } from '../../parts/icon.tsx';
import { later } from '../../parts/later.tsx';
import { LoadProgress } from '../load-progress.tsx';
import { isHidden, sourceOf } from '../media-source.ts';
import { shownName } from '../shown-name.ts';
import type { DocumentKind } from './document-kind.ts';
import { readText } from './read-text.ts';
import { DOCUMENT_WORDS } from './words.ts';
import './document-reader.css';

const PdfPages = later('row', async () => (await import('./pdf-pages.tsx')).PdfPages);

/** A document in the app: read once all of it is verified, shown as a picture or as plain text, and nothing in it runs. */
export function DocumentReader(props: {
	item: MediaItem;
	kind: DocumentKind;
	library: MediaLibrary;
	/** what its sender calls it */
	name?: string | undefined;
	onClose: () => void;
}) {
	const [problem, setProblem] = createSignal('');
	const [isWrapped, setWrapped] = createSignal(true);
	const abort = new AbortController();
	onCleanup(() => abort.abort());
	const [bytes] = createResource(async () => {
		try {
			return await readAll(props.item, props.library, abort.signal);
		} catch {
			setProblem(DOCUMENT_WORDS.failed);
			return undefined;
		}
	});
	const name = () => props.name ?? shownName(props.item);
	return (
		<Dialog title={name()} testid="document" isWide onClose={props.onClose}>
			<div class="document-bar">
				<button
					type="button"
					class="button plain"
					data-testid="document-save"
					onClick={() => void props.library.saving.save(props.item.id, props.name)}
				>
					<Icon name="save" size={18} /> {DOCUMENT_WORDS.save}
				</button>
				<Show when={props.kind === 'text'}>
					<label class="document-wrap">
						<input
							type="checkbox"
							checked={isWrapped()}
							onChange={(event) => setWrapped(event.currentTarget.checked)}
						/>
						{DOCUMENT_WORDS.wrap}
					</label>
				</Show>
			</div>
			<Switch
				fallback={
					<div class="document-note" role="status">
						<p>{DOCUMENT_WORDS.checking}</p>
						<LoadProgress item={props.item} />
					</div>
				}
			>
				<Match when={problem() || (isHidden(props.item) && DOCUMENT_WORDS.failed)}>
					<p class="document-note" role="alert" data-testid="document-problem">
						{problem() || DOCUMENT_WORDS.failed}
					</p>
				</Match>
				<Match when={props.kind === 'pdf' && bytes()}>
					{(read) => <PdfPages bytes={read()} onProblem={setProblem} />}
				</Match>
				<Match when={props.kind === 'text' && bytes()} keyed>
					{(read) => <TextPage bytes={read} isWrapped={isWrapped()} />}
				</Match>
			</Switch>
		</Dialog>
	);
}

function TextPage(props: { bytes: Uint8Array<ArrayBuffer>; isWrapped: boolean }) {
	const { text, isCut } = readText(props.bytes);
	return (
		<>
			<pre
				class="document-text"
				classList={{ wrapped: props.isWrapped }}
				dir="auto"
				// biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by keys
				tabIndex={0}
				data-testid="document-text"
				data-scroll-area
			>
				{text === '' ? DOCUMENT_WORDS.empty : text}
			</pre>
			<Show when={isCut}>
				<p class="document-note">{DOCUMENT_WORDS.cut}</p>
			</Show>
		</>
	);
}

/** All bytes of a file, which the worker gives out once they are verified. Rejects if they are not. */
async function readAll(
	item: MediaItem,
	library: MediaLibrary,
	signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
	if (item.file !== undefined) return new Uint8Array(await item.file.arrayBuffer());
	if (sourceOf(item, library) === undefined) library.loading.activate(item.id);
	const src = sourceOf(item, library);
	if (src === undefined) {
		// Nobody serves it: the page does it itself.
		await library.loading.downloadHere(item.id);
		if (item.file === undefined) throw new Error('not here');
		return new Uint8Array(await (item.file as Blob).arrayBuffer());
	}
	const response = await fetch(src, { signal });
	if (!response.ok) throw new Error(`${response.status}`);
	return new Uint8Array(await response.arrayBuffer());
}

import { createResource, createSignal, For, onCleanup, onMount, Show } from 'solid-js';
import { openPdf, type Pdf } from './pdf-engine.ts';
import { DOCUMENT_WORDS } from './words.ts';

/** Of pages whose size is not known yet: A4, in units of 1/72 inch. */
const USUAL = { width: 595, height: 842 };
const ZOOMS = [1, 1.5, 2, 3];

/** The pages of a PDF below each other, drawn as they come near. */
export function PdfPages(props: {
	bytes: Uint8Array<ArrayBuffer>;
	onProblem: (text: string) => void;
}) {
	const abort = new AbortController();
	onCleanup(() => abort.abort());
	const [pdf] = createResource(async () => {
		try {
			return await openPdf(props.bytes, abort.signal);
		} catch (problem) {
			if (abort.signal.aborted) return undefined;
			props.onProblem(problem === 'password' ? DOCUMENT_WORDS.password : DOCUMENT_WORDS.broken);
			return undefined;
		}
	});
	const [zoom, setZoom] = createSignal(0);
	const step = (by: number) => setZoom((at) => Math.max(0, Math.min(ZOOMS.length - 1, at + by)));
	return (
		<Show
			when={pdf()}
			fallback={<progress class="document-progress" aria-label={DOCUMENT_WORDS.opening} />}
		>
			{(open) => (
				<>
					<div class="document-tools">
						<button
							type="button"
							class="button plain"
							data-testid="zoom-out"
							aria-label={DOCUMENT_WORDS.zoomOut}
							aria-disabled={zoom() === 0}
							onClick={() => step(-1)}
						>
							−
						</button>
						<span>{DOCUMENT_WORDS.pages(open().pages)}</span>
						<button
							type="button"
							class="button plain"
							data-testid="zoom-in"
							aria-label={DOCUMENT_WORDS.zoomIn}
							aria-disabled={zoom() === ZOOMS.length - 1}
							onClick={() => step(1)}
						>
							+
						</button>
					</div>
					<div
						class="pdf-pages"
						data-testid="pdf-pages"
						data-scroll-area
						// biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by keys
						tabIndex={0}
					>
						<For each={Array.from({ length: open().pages }, (_, at) => at + 1)}>
							{(page) => <PdfPage pdf={open()} page={page} zoom={ZOOMS[zoom()] ?? 1} />}
						</For>
						<Show when={open().isCut}>
							<p class="document-note">{DOCUMENT_WORDS.cut}</p>
						</Show>
					</div>
				</>
			)}
		</Show>
	);
}

/** One page; as large as it will be before it is drawn, and let go of when it is far away. */
function PdfPage(props: { pdf: Pdf; page: number; zoom: number }) {
	let place!: HTMLDivElement;
	const [isNear, setNear] = createSignal(false);
	onMount(() => {
		const observer = new IntersectionObserver(
			(entries) => setNear(entries.at(-1)?.isIntersecting ?? false),
			{ root: place.parentElement, rootMargin: '100%' },
		);
		observer.observe(place);
		onCleanup(() => observer.disconnect());
	});
	const [size] = createResource(isNear, () => props.pdf.sizeOf(props.page).catch(() => USUAL), {
		initialValue: USUAL,
	});
	return (
		<div
			ref={place}
			class="pdf-page"
			data-testid="pdf-page"
			style={{
				width: `${props.zoom * 100}%`,
				'aspect-ratio': `${size.latest.width} / ${size.latest.height}`,
			}}
		>
			<Show when={isNear()}>
				<DrawnPage pdf={props.pdf} page={props.page} zoom={props.zoom} />
			</Show>
		</div>
	);
}

function DrawnPage(props: { pdf: Pdf; page: number; zoom: number }) {
	const [isFailed, setFailed] = createSignal(false);
	const gone = new AbortController();
	/** of the drawing that is under way, or shown */
	let drawing: AbortController | undefined;
	let last: HTMLCanvasElement | undefined;
	const letGo = () => {
		drawing?.abort();
		// Some engines keep its pixels for long otherwise.
		if (last !== undefined) last.width = last.height = 0;
	};
	onCleanup(() => {
		gone.abort();
		letGo();
	});
	const [canvas] = createResource(
		() => props.zoom,
		async (zoom) => {
			drawing?.abort();
			const own = new AbortController();
			drawing = own;
			const drawn = document.createElement('canvas');
			const width = Math.min(innerWidth, 900) * zoom * devicePixelRatio;
			const isDrawn = await props.pdf.draw(props.page, drawn, width, own.signal).then(
				() => true,
				() => false,
			);
			if (own.signal.aborted) return last;
			setFailed(!isDrawn);
			if (last !== undefined) last.width = last.height = 0;
			last = drawn;
			return drawn;
		},
	);
	const [text] = createResource(() => props.pdf.textOf(props.page, gone.signal).catch(() => ''));
	return (
		<>
			<div
				class="pdf-drawn"
				role="img"
				aria-label={DOCUMENT_WORDS.page(props.page)}
				data-drawn={canvas.state === 'ready' && !isFailed() ? '' : undefined}
			>
				{canvas.latest}
			</div>
			<Show when={isFailed()}>
				<p class="document-note">{DOCUMENT_WORDS.notDrawn}</p>
			</Show>
			<p class="visually-hidden">{text()}</p>
		</>
	);
}

import { getDocument, type PDFPageProxy, PDFWorker } from 'pdfjs-dist/legacy/build/pdf.mjs';
import worker from './pdf-worker.ts?worker&url';

type TextContent = Awaited<ReturnType<PDFPageProxy['getTextContent']>>;

/** Pixels of the largest picture that is decoded, and of a page that is drawn. */
const MAX_PIXELS = 16 * 2 ** 20;
/** Pixels of the longer side of a page; engines draw nothing where there are more. */
const MAX_SIDE = 8192;
/** How many times longer than wide a page may be, or wider than long. */
const MAX_RATIO = 20;
/** More pages than anybody scrolls through. */
const MAX_PAGES = 2000;
/** UTF-16 code units of the text of a page that is read. */
const MAX_TEXT = 20_000;
/** Milliseconds that opening may take, and that the library may take to tidy up. */
const OPEN_TIME = 30_000;
const CLOSE_TIME = 1000;

/** Why a PDF is not shown. */
export type PdfProblem = 'password' | 'broken';

/** Width and height of a page, in units of 1/72 inch. */
export interface PageSize {
	readonly width: number;
	readonly height: number;
}

/** A PDF that is read. */
export interface Pdf {
	/** of all pages that are shown */
	readonly pages: number;
	/** there are more */
	readonly isCut: boolean;
	sizeOf(page: number): Promise<PageSize>;
	/**
	 * Draws a page, `width` device pixels wide or as wide as there is room for. Rejects where it cannot be drawn, or is not to be
	 * any more.
	 */
	draw(page: number, canvas: HTMLCanvasElement, width: number, signal: AbortSignal): Promise<void>;
	/** What a page says, or its beginning, for who does not see it. */
	textOf(page: number, signal: AbortSignal): Promise<string>;
}

/**
 * Opens a PDF with PDF.js: its pages are pictures. Nothing in it runs, and nothing of it is a link, a form or a frame; its fonts
 * and pictures are decoded in a worker of its own. It is closed by `signal`, also while it is opened. Rejects with a PdfProblem.
 */
export async function openPdf(data: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<Pdf> {
	const port = new Worker(worker);
	const own = PDFWorker.create({ port });
	const task = getDocument({
		data,
		worker: own,
		isEvalSupported: false,
		enableXfa: false,
		disableAutoFetch: true,
		disableStream: true,
		useWorkerFetch: false,
		useWasm: false,
		useSystemFonts: true,
		maxImageSize: MAX_PIXELS,
		canvasMaxAreaInBytes: 4 * MAX_PIXELS,
		verbosity: 0,
	});
	let timer: ReturnType<typeof setTimeout> | undefined;
	const close = async () => {
		clearTimeout(timer);
		const late = new Promise((resolve) => setTimeout(resolve, CLOSE_TIME));
		// It takes its fonts out of the page once its worker has answered.
		await Promise.race([task.destroy().catch(() => undefined), late]);
		own.destroy();
		port.terminate();
	};
	const failed = new Promise<never>((_, reject) => {
		const broken = () => reject('broken' satisfies PdfProblem);
		timer = setTimeout(broken, OPEN_TIME);
		port.onerror = broken;
		// It asks for one, and waits.
		task.onPassword = () => reject('password' satisfies PdfProblem);
		signal.addEventListener('abort', broken);
	});
	try {
		signal.throwIfAborted();
		const pdf = await Promise.race([task.promise, failed]);
		clearTimeout(timer);
		if (pdf.numPages < 1) throw new RangeError('no pages');
		signal.addEventListener('abort', () => void close(), { once: true });
		const pages = Math.min(pdf.numPages, MAX_PAGES);
		return {
			pages,
			isCut: pdf.numPages > pages,
			async sizeOf(page) {
				const { width, height } = (await pdf.getPage(page)).getViewport({ scale: 1 });
				if (!(width > 0 && height > 0) || !Number.isFinite(width * height))
					throw new RangeError('no size');
				const ratio = Math.max(1 / MAX_RATIO, Math.min(height / width, MAX_RATIO));
				return { width, height: width * ratio };
			},
			async draw(number, canvas, width, stop) {
				const page = await pdf.getPage(number);
				stop.throwIfAborted();
				const size = page.getViewport({ scale: 1 });
				const most = Math.sqrt(MAX_PIXELS / (size.width * size.height));
				const sides = [width, MAX_SIDE].map((side) => side / size.width);
				const scale = Math.min(...sides, MAX_SIDE / size.height, most);
				if (!(scale > 0) || !Number.isFinite(scale)) throw new RangeError('no size');
				const viewport = page.getViewport({ scale });
				canvas.width = Math.max(1, Math.floor(viewport.width));
				canvas.height = Math.max(1, Math.floor(viewport.height));
				const drawing = page.render({ canvas, viewport });
				stop.addEventListener('abort', () => drawing.cancel(), { once: true });
				await drawing.promise;
				page.cleanup();
			},
			async textOf(number, stop) {
				const page = await pdf.getPage(number);
				stop.throwIfAborted();
				// WebKit's streams are not iterated, which PDF.js does to get all of it.
				const reader = page.streamTextContent().getReader();
				let text = '';
				while (text.length < MAX_TEXT && !stop.aborted) {
					const { done, value } = await reader.read();
					if (done) return text;
					for (const item of (value as TextContent).items)
						if ('str' in item && text.length < MAX_TEXT) text += `${item.str.slice(0, MAX_TEXT)} `;
				}
				void reader.cancel().catch(() => undefined);
				return text;
			},
		};
	} catch (thrown) {
		void close();
		throw (thrown === 'password' ? thrown : 'broken') satisfies PdfProblem;
	} finally {
		failed.catch(() => undefined);
	}
}

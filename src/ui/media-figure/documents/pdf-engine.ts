import { getDocument, type PDFPageProxy, PDFWorker } from 'pdfjs-dist/legacy/build/pdf.mjs';
import worker from './pdf-worker.ts?worker&url';

type TextContent = Awaited<ReturnType<PDFPageProxy['getTextContent']>>;

/** Pixels of the largest picture that is decoded, and of a page that is drawn. */
const MAX_PIXELS = 16 * 2 ** 20;
/** More pages than anybody scrolls through. */
const MAX_PAGES = 2000;

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
	/** Draws a page, `width` device pixels wide or as wide as there is room for. Rejects where it cannot be drawn. */
	draw(page: number, canvas: HTMLCanvasElement, width: number): Promise<void>;
	/** What a page says, for who does not see it. */
	textOf(page: number): Promise<string>;
	close(): void;
}

/**
 * Opens a PDF with pdf.js: its pages are pictures. Nothing in it runs, and nothing of it is a link, a form or a frame; its fonts
 * and pictures are decoded in a worker of its own, which ends with it. Rejects with a PdfProblem.
 */
export async function openPdf(data: Uint8Array<ArrayBuffer>): Promise<Pdf> {
	const port = new Worker(worker);
	const own = PDFWorker.create({ port });
	const task = getDocument({
		data,
		worker: own,
		isEvalSupported: false,
		enableXfa: false,
		disableAutoFetch: true,
		disableStream: true,
		// The page's policy lets nothing be fetched for it.
		useWorkerFetch: false,
		useWasm: false,
		useSystemFonts: true,
		maxImageSize: MAX_PIXELS,
		canvasMaxAreaInBytes: 4 * MAX_PIXELS,
		verbosity: 0,
	});
	const close = () => {
		void task.destroy().catch(() => undefined);
		own.destroy();
		port.terminate();
	};
	const failed = new Promise<never>((_, reject) => {
		port.onerror = () => reject('broken' satisfies PdfProblem);
		// It asks for one, and waits.
		task.onPassword = () => reject('password' satisfies PdfProblem);
	});
	try {
		const pdf = await Promise.race([task.promise, failed]);
		const pages = Math.min(pdf.numPages, MAX_PAGES);
		return {
			pages,
			isCut: pdf.numPages > pages,
			async sizeOf(page) {
				const { width, height } = (await pdf.getPage(page)).getViewport({ scale: 1 });
				return { width, height };
			},
			async draw(number, canvas, width) {
				const page = await pdf.getPage(number);
				const size = page.getViewport({ scale: 1 });
				const most = Math.sqrt(MAX_PIXELS / (size.width * size.height));
				const viewport = page.getViewport({ scale: Math.min(width / size.width, most) });
				canvas.width = Math.max(1, Math.floor(viewport.width));
				canvas.height = Math.max(1, Math.floor(viewport.height));
				await page.render({ canvas, viewport }).promise;
				page.cleanup();
			},
			async textOf(number) {
				// WebKit's streams are not iterated, which pdf.js does to get all of it.
				const reader = (await pdf.getPage(number)).streamTextContent().getReader();
				const words: string[] = [];
				for (;;) {
					const { done, value } = await reader.read();
					if (done) return words.join(' ');
					for (const item of (value as TextContent).items) if ('str' in item) words.push(item.str);
				}
			},
			close,
		};
	} catch (thrown) {
		close();
		throw (thrown === 'password' ? thrown : 'broken') satisfies PdfProblem;
	}
}

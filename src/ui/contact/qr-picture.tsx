import { createResource, Show } from 'solid-js';
import { loadOnce } from '../../core/async/load-once.ts';
import './qr-picture.css';

/** Modules of light around a code (ISO/IEC 18004 section 6.3.8). */
const QUIET = 4;

const loadEncoder = loadOnce(() => import('uqr'));

/** A text as a QR code, black on white also where all else is dark: many cameras read nothing else. */
export function QrPicture(props: { text: string; label: string }) {
	const [code] = createResource(
		() => props.text,
		async (text) => (await loadEncoder()).encode(text, { ecc: 'L', border: 0 }).data,
	);
	return (
		<Show when={code()} fallback={<div class="qr" />} keyed>
			{(shown) => (
				<svg
					class="qr"
					role="img"
					aria-label={props.label}
					viewBox={`${-QUIET} ${-QUIET} ${shown.length + 2 * QUIET} ${shown.length + 2 * QUIET}`}
				>
					<path d={outline(shown)} shape-rendering="crispEdges" />
				</svg>
			)}
		</Show>
	);
}

/** The dark modules of each row, neighbours as one. */
function outline(code: readonly (readonly boolean[])[]): string {
	const runs = code.map((row, y) => {
		const line = row.map(Number).join('');
		return [...line.matchAll(/1+/g)].map(
			({ 0: run, index }) => `M${index} ${y}h${run.length}v1h-${run.length}z`,
		);
	});
	return runs.flat().join('');
}

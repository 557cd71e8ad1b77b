import { type ComponentProps, createResource, Show } from 'solid-js';
import type { Viewer } from './viewer.tsx';

/** The viewer, whose code comes with the first look. */
export function LazyViewer(props: ComponentProps<typeof Viewer>) {
	const [viewer] = createResource(async () => (await import('./viewer.tsx')).Viewer);
	return (
		<Show when={viewer()} keyed>
			{(Loaded) => <Loaded {...props} />}
		</Show>
	);
}

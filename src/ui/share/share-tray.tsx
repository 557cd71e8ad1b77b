import { createMemo, createSignal, For, Show } from 'solid-js';
import { MAX_PICTURE } from '../../chat/files/prepare-file.ts';
import type { PhotoQuality } from '../../chat/model/account-settings.ts';
import { formatSize } from '../parts/format.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { shareText } from './share-text.ts';
import { TRAY_WORDS } from './share-tray-words.ts';
import { isReady, type Tray, type TrayItem } from './tray.ts';
import { WORDS } from './words.ts';
import './share-tray.css';

const QUALITIES: readonly (readonly [PhotoQuality, string])[] = [
	['original', TRAY_WORDS.original],
	['good', TRAY_WORDS.good],
	['small', TRAY_WORDS.small],
];
const ICONS: Record<string, IconName> = {
	image: 'image',
	video: 'play',
	audio: 'play',
	file: 'file',
};

/** The files that are about to be sent: to look at, put in order, or take out again. */
export function ShareTray(props: {
	tray: Tray;
	quality: PhotoQuality;
	onQuality: (quality: PhotoQuality) => void;
	/** the last file was taken out */
	onEmpty: () => void;
}) {
	let list!: HTMLOListElement;
	const items = () => props.tray.items;
	const hasPictures = createMemo(() => items().some(isPicture));
	const total = () =>
		items().reduce((sum, { clean, file }) => sum + (clean?.blob.size ?? file.size), 0);
	const focusAt = (index: number) =>
		queueMicrotask(() =>
			list.querySelectorAll<HTMLElement>('.tray-item')[index]?.querySelector('button')?.focus(),
		);
	const remove = (id: number, index: number) => {
		props.tray.remove(id);
		if (items().length === 0) props.onEmpty();
		else focusAt(Math.min(index, items().length - 1));
	};
	const takeOut = () => {
		for (const { id, problem } of [...items()]) if (problem) props.tray.remove(id);
		if (items().length === 0) props.onEmpty();
		else focusAt(0);
	};
	const move = (id: number, to: number, by: number) => {
		props.tray.move(id, by);
		focusAt(to);
	};
	const onKey = (event: KeyboardEvent, id: number, index: number) => {
		const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
		if (event.key === 'Delete') remove(id, index);
		else if (by !== undefined && event.altKey) move(id, index + by, by);
		else return;
		event.preventDefault();
	};
	return (
		<section class="share-tray" data-testid="share-tray" aria-label={WORDS.filesToSend}>
			<ol ref={list} class="tray-items">
				<For each={items()}>
					{(item, index) => (
						<li
							class="tray-item"
							classList={{ 'has-problem': item.problem !== undefined }}
							data-testid="tray-item"
							data-ready={isReady(item) ? '' : undefined}
							draggable="true"
							onDragStart={(event) => event.dataTransfer?.setData(DRAGGED, `${item.id}`)}
							onDragOver={(event) =>
								event.dataTransfer?.types.includes(DRAGGED) && event.preventDefault()
							}
							onDrop={(event) => {
								const id = Number(event.dataTransfer?.getData(DRAGGED));
								const from = items().findIndex((other) => other.id === id);
								if (from < 0) return;
								event.preventDefault();
								event.stopPropagation();
								props.tray.move(id, index() - from);
							}}
							onKeyDown={(event) => onKey(event, item.id, index())}
						>
							<Preview item={item} />
							<p class="tray-name">
								<Show when={item.said !== undefined} fallback={<bdi>{item.name}</bdi>}>
									<input
										class="tray-said"
										data-testid="tray-said"
										aria-label={TRAY_WORDS.said(item.name)}
										placeholder={TRAY_WORDS.unsaid}
										title={TRAY_WORDS.saidHint}
										autocomplete="off"
										value={item.said}
										onInput={(event) => props.tray.say(item.id, event.currentTarget.value)}
										onKeyDown={(event) => event.stopPropagation()}
									/>
								</Show>
								<span class="tray-size" aria-live="polite">
									{item.isPreparing
										? TRAY_WORDS.preparing
										: formatSize(item.clean?.blob.size ?? item.file.size)}
								</span>
							</p>
							<Show when={item.problem}>
								{(problem) => (
									<p class="tray-problem" role="alert">
										{shareText(problem().code, problem().detail) ?? TRAY_WORDS.notSendable}
										<Show when={problem().code === 'not-clean'}>
											<button
												type="button"
												class="notice-button"
												data-testid="send-as-is"
												onClick={() => props.tray.allow(item.id)}
											>
												{TRAY_WORDS.sendAsIs}
											</button>
										</Show>
									</p>
								)}
							</Show>
							<div class="tray-buttons">
								<button
									type="button"
									class="icon-button"
									data-testid="tray-remove"
									aria-label={TRAY_WORDS.remove(item.name)}
									onClick={() => remove(item.id, index())}
								>
									<Icon name="cancel" size={18} />
								</button>
								<Show when={items().length > 1}>
									<button
										type="button"
										class="icon-button"
										data-testid="tray-earlier"
										aria-label={TRAY_WORDS.earlier(item.name)}
										disabled={index() === 0}
										onClick={() => props.tray.move(item.id, -1)}
									>
										<Icon name="back" size={18} />
									</button>
								</Show>
							</div>
						</li>
					)}
				</For>
			</ol>
			<div class="tray-foot">
				<p data-testid="tray-total">{TRAY_WORDS.total(items().length, formatSize(total()))}</p>
				<Show when={items().some(({ problem }) => problem) && items().length > 1}>
					<button type="button" class="notice-button" data-testid="tray-take-out" onClick={takeOut}>
						{TRAY_WORDS.removeProblems}
					</button>
				</Show>
				<Show when={hasPictures()}>
					<fieldset class="tray-quality" data-testid="photo-quality">
						<legend class="visually-hidden">{TRAY_WORDS.quality}</legend>
						<For each={QUALITIES}>
							{([value, label]) => (
								<label>
									<input
										type="radio"
										name="photo-quality"
										value={value}
										checked={props.quality === value}
										onChange={() => props.onQuality(value)}
									/>
									<span>{label}</span>
								</label>
							)}
						</For>
					</fieldset>
				</Show>
			</div>
		</section>
	);
}

const DRAGGED = 'application/x-balcony-tray';

function Preview(props: { item: TrayItem }) {
	const [isBroken, setBroken] = createSignal(false);
	const kind = () => props.item.clean?.kind ?? (isPicture(props.item) ? 'image' : 'file');
	return (
		<Show
			// The browser reads all of what it is to draw, and needs room for all of its pixels: those are known by then.
			when={
				props.item.clean?.kind === 'image' && props.item.file.size <= MAX_PICTURE && !isBroken()
			}
			fallback={
				<span class="tray-preview">
					<Icon name={ICONS[kind()] ?? 'file'} size={28} />
				</span>
			}
		>
			<img
				class="tray-preview"
				src={props.item.preview}
				alt=""
				decoding="async"
				onError={() => setBroken(true)}
			/>
		</Show>
	);
}

function isPicture({ clean, file }: TrayItem): boolean {
	return clean === undefined ? file.type.startsWith('image/') : clean.kind === 'image';
}

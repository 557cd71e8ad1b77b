import { WORDS } from './words.ts';

const UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB'];

/** A size for people, in decimal units: `1.5 MB`. */
export function formatSize(bytes: number): string {
	let value = bytes;
	let unit = 0;
	while (value >= 999.5 && unit < UNITS.length - 1) {
		value /= 1000;
		unit += 1;
	}
	if (bytes === 1) return '1 byte';
	const digits = unit > 0 && value < 9.95 ? 1 : 0;
	return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

/** Minutes and seconds, `1:05`; hours where there are any. */
export function formatDuration(seconds: number): string {
	const whole = Number.isFinite(seconds) ? Math.max(0, Math.round(seconds)) : 0;
	const pad = (value: number) => value.toString().padStart(2, '0');
	const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
	return hours > 0
		? `${hours}:${pad(minutes)}:${pad(whole % 60)}`
		: `${minutes}:${pad(whole % 60)}`;
}

/** The same for a screen reader. */
export function spokenDuration(seconds: number): string {
	const whole = Number.isFinite(seconds) ? Math.max(0, Math.round(seconds)) : 0;
	const minutes = Math.floor(whole / 60);
	const rest = `${whole % 60} seconds`;
	return minutes === 0 ? rest : `${minutes} minutes ${rest}`;
}

/** Time of day, and the day if it is not today. */
export function formatTime(time: number, now: number = Date.now()): string {
	const date = new Date(time);
	const clock = formatClock(time);
	if (date.toDateString() === new Date(now).toDateString()) return clock;
	return `${date.toLocaleDateString(undefined, { day: 'numeric', month: 'short' })}, ${clock}`;
}

/** When something was, as short as a list needs it: the time of today, else the day. */
export function formatWhen(time: number, now: number = Date.now()): string {
	const date = new Date(time);
	const days = Math.round((startOfDay(now) - startOfDay(time)) / 86_400_000);
	if (days === 0) return formatClock(time);
	if (days === 1) return WORDS.yesterday;
	if (days > 1 && days < 7) return date.toLocaleDateString(undefined, { weekday: 'long' });
	const isThisYear = date.getFullYear() === new Date(now).getFullYear();
	return date.toLocaleDateString(
		undefined,
		isThisYear ? { day: 'numeric', month: 'short' } : { dateStyle: 'short' },
	);
}

function startOfDay(time: number): number {
	return new Date(time).setHours(0, 0, 0, 0);
}

/** Time of day. */
export function formatClock(time: number): string {
	return new Date(time).toLocaleTimeString(undefined, { hour: 'numeric', minute: '2-digit' });
}

/** A day, the latest ones by name. */
export function formatDay(time: number, now: number = Date.now()): string {
	const date = new Date(time);
	const yesterday = new Date(now);
	yesterday.setDate(yesterday.getDate() - 1);
	if (date.toDateString() === new Date(now).toDateString()) return WORDS.today;
	if (date.toDateString() === yesterday.toDateString()) return WORDS.yesterday;
	const isThisYear = date.getFullYear() === new Date(now).getFullYear();
	return date.toLocaleDateString(undefined, {
		weekday: 'long',
		day: 'numeric',
		month: 'long',
		...(isThisYear ? {} : { year: 'numeric' }),
	});
}

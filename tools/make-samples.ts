/**
 * Makes the samples that `npm start` serves; run by hand, results are committed. Needs ffmpeg, espeak-ng and Chromium.
 * One drawn scene, an evening seen from a balcony, serves the photo and, moving, the video.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { chromiumPath } from '../tests/e2e/browser/playwright.ts';

const SECONDS = 60;
const RATE = 12;
const work = mkdtempSync(path.join(tmpdir(), 'balcony-samples-'));
const ffmpeg = (...args: string[]) => execFileSync('ffmpeg', ['-v', 'error', '-y', ...args]);

/** Draws the scene at `t` seconds into a canvas that fills the page. */
function draw(t: number): void {
	const canvas = document.querySelector('canvas');
	const c = canvas?.getContext('2d');
	if (!canvas || !c) return;
	const [w, h] = [canvas.width, canvas.height];
	const noise = (seed: number) => {
		const x = Math.sin(seed * 127.1) * 43758.5453;
		return x - Math.floor(x);
	};
	const sky = c.createLinearGradient(0, 0, 0, h * 0.75);
	for (const [at, colour] of [
		[0, '#1c2c4f'],
		[0.45, '#5b4a78'],
		[0.75, '#c8694f'],
		[1, '#f4b26b'],
	] as const)
		sky.addColorStop(at, colour);
	c.fillStyle = sky;
	c.fillRect(0, 0, w, h);
	for (let i = 0; i < 70; i++) {
		c.globalAlpha = 0.25 + 0.5 * Math.abs(Math.sin(t * 0.7 + i * 2.1));
		c.fillStyle = '#fff4df';
		c.fillRect(noise(i) * w, noise(i + 99) * h * 0.35, w / 700, w / 700);
	}
	c.globalAlpha = 1;
	const sun = h * (0.6 + 0.0015 * t);
	const glow = c.createRadialGradient(w * 0.66, sun, 0, w * 0.66, sun, w * 0.35);
	glow.addColorStop(0, 'rgba(255,226,160,0.95)');
	glow.addColorStop(0.12, 'rgba(255,205,130,0.65)');
	glow.addColorStop(1, 'rgba(255,180,110,0)');
	c.fillStyle = glow;
	c.fillRect(0, 0, w, h);
	for (let i = 0; i < 7; i++) {
		const x = ((noise(i + 5) * 1.4 * w + t * w * 0.004 * (1 + i / 4)) % (w * 1.4)) - w * 0.2;
		const y = h * (0.12 + 0.055 * i);
		c.fillStyle = `rgba(255,205,180,${0.1 + 0.03 * i})`;
		for (let k = 0; k < 6; k++) {
			c.beginPath();
			const size = w * (0.03 + 0.03 * noise(i * 7 + k));
			c.ellipse(x + k * w * 0.035, y + noise(k + i) * h * 0.02, size, size * 0.22, 0, 0, 7);
			c.fill();
		}
	}
	for (let layer = 0; layer < 3; layer++) {
		const base = h * (0.66 + layer * 0.07);
		let x = -w * 0.02;
		for (let i = 0; x < w; i++) {
			const seed = layer * 100 + i;
			const width = w * (0.045 + 0.05 * noise(seed));
			const height = h * (0.06 + 0.13 * noise(seed + 0.5));
			c.fillStyle = ['#4a3f66', '#352f52', '#221f3a'][layer] ?? '#221f3a';
			c.fillRect(x, base - height, width + 1, h);
			if (noise(seed + 7) > 0.4) {
				c.beginPath();
				c.moveTo(x - w * 0.004, base - height);
				c.lineTo(x + width / 2, base - height - h * 0.05);
				c.lineTo(x + width + w * 0.004, base - height);
				c.fill();
			}
			for (let k = 0; k < 8; k++) {
				const lit = noise(seed * 9 + k) * 70;
				if (lit > t + 12) continue;
				c.fillStyle = `rgba(255,214,140,${0.55 + 0.4 * noise(k + seed)})`;
				const column = k % 3;
				const row = Math.floor(k / 3);
				c.fillRect(
					x + width * (0.18 + column * 0.26),
					base - height + h * (0.02 + row * 0.032),
					width * 0.13,
					h * 0.017,
				);
			}
			x += width + w * 0.006 * noise(seed + 3);
		}
	}
	c.fillStyle = '#14121f';
	c.fillRect(0, h * 0.93, w, h);
	c.fillRect(0, h * 0.72, w, h * 0.018);
	for (let i = 0; i <= 26; i++) c.fillRect((i / 26) * w - w * 0.004, h * 0.72, w * 0.008, h * 0.22);
	for (const [at, size] of [
		[0.1, 1],
		[0.24, 0.7],
		[0.9, 1.1],
	] as const) {
		const sway = Math.sin(t * 0.9 + at * 9) * 0.08;
		for (let k = 0; k < 26; k++) {
			const angle = -Math.PI / 2 + (noise(k + at * 50) - 0.5) * 2.3 + sway;
			const length = h * 0.16 * size * (0.5 + 0.6 * noise(k * 3 + at));
			c.strokeStyle = k % 3 === 0 ? '#2f5a46' : '#1f4035';
			c.lineWidth = w * 0.0045;
			c.beginPath();
			c.moveTo(at * w, h * 0.8);
			c.quadraticCurveTo(
				at * w + Math.cos(angle) * length * 0.4,
				h * 0.8 - length * 0.8,
				at * w + Math.cos(angle) * length,
				h * 0.8 + Math.sin(angle) * length,
			);
			c.stroke();
			if (k % 5 !== 0) continue;
			c.fillStyle = '#e8805a';
			c.beginPath();
			c.arc(at * w + Math.cos(angle) * length, h * 0.8 + Math.sin(angle) * length, w * 0.007, 0, 7);
			c.fill();
		}
		c.fillStyle = '#a8451f';
		c.beginPath();
		c.moveTo(at * w - w * 0.045 * size, h * 0.79);
		c.lineTo(at * w + w * 0.045 * size, h * 0.79);
		c.lineTo(at * w + w * 0.032 * size, h * 0.95);
		c.lineTo(at * w - w * 0.032 * size, h * 0.95);
		c.fill();
	}
}

async function canvasPage(page: Page, width: number, height: number): Promise<void> {
	await page.setViewportSize({ width, height });
	await page.setContent(
		`<body style="margin:0"><canvas width="${width}" height="${height}" style="display:block"></canvas></body>`,
	);
}

const browser = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox'] });
const page = await browser.newPage();
await page.addInitScript('globalThis.__name = (named) => named');

await canvasPage(page, 1600, 1200);
await page.evaluate('globalThis.__name = (named) => named');
await page.evaluate(draw, 30);
await page.screenshot({ path: 'samples/balcony.jpg', type: 'jpeg', quality: 82 });

await canvasPage(page, 640, 360);
await page.evaluate('globalThis.__name = (named) => named');
for (let frame = 0; frame < SECONDS * RATE; frame++) {
	await page.evaluate(draw, frame / RATE);
	await page.screenshot({ path: path.join(work, `${`${frame}`.padStart(5, '0')}.png`) });
}
await browser.close();

// Details of the photo, for an album.
for (const [name, filter] of [
	['roofs', 'crop=900:675:380:480,scale=960:720'],
	['sky', 'crop=1200:900:300:0,scale=960:720,eq=saturation=1.2'],
	['flowers', 'crop=560:420:0:720,scale=960:720'],
	['sunset', 'crop=800:600:800:250,scale=960:720,eq=brightness=0.05:saturation=1.5,hue=h=-12'],
] as const)
	ffmpeg(
		...['-i', 'samples/balcony.jpg', '-vf', filter, '-q:v', '5', '-map_metadata', '-1'],
		`samples/${name}.jpg`,
	);

// Slow chords, each a sum of sines that fade into the next.
const chords = [
	[220, 277.18, 329.63],
	[196, 246.94, 293.66],
	[174.61, 220, 261.63],
	[196, 246.94, 329.63],
];
const tone = chords
	.map((notes, i) => {
		const gate = `max(0,sin(PI*(mod(t,16)-${i * 4})/4.4))*between(mod(t,16),${i * 4},${i * 4 + 4.4})`;
		return notes.map((f) => `0.09*sin(2*PI*${f}*t)*${gate}`).join('+');
	})
	.join('+');
ffmpeg(
	...['-framerate', `${RATE}`, '-i', path.join(work, '%05d.png')],
	...['-f', 'lavfi', '-i', `aevalsrc='${tone}':d=${SECONDS}:s=44100`],
	...[
		'-c:v',
		'libx264',
		'-profile:v',
		'main',
		'-preset',
		'veryslow',
		'-crf',
		'27',
		'-pix_fmt',
		'yuv420p',
	],
	...['-g', `${RATE * 5}`, '-c:a', 'aac', '-b:a', '48k', '-movflags', '+faststart', '-shortest'],
	'samples/evening.mp4',
);

const speech = path.join(work, 'speech.wav');
execFileSync('espeak-ng', [
	...['-v', 'en-gb', '-s', '145', '-p', '42', '-w', speech],
	'Hello from the balcony. The sun is almost down, and the lights come on, one after the other. Come over if you like; bring nothing but time.',
]);
ffmpeg(
	'-i',
	speech,
	'-c:a',
	'aac',
	'-b:a',
	'48k',
	'-movflags',
	'+faststart',
	'samples/voice-message.m4a',
);

writeFileSync(
	'samples/notes.txt',
	'An evening on the balcony\n\nThis small text was encrypted before it reached the server.\nWhat you read now was decrypted on your own device. ☀️\n',
);
rmSync(work, { recursive: true });

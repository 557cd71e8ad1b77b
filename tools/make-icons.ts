/** Draws the PNG icons from the SVG; run after the mark has changed, results are committed. */
import { readFile } from 'node:fs/promises';
import { chromium } from '@playwright/test';
import { chromiumPath } from '../tests/e2e/browser/playwright.ts';

const ICONS = [
	{ file: 'balcony-192.png', size: 192, scale: 1, background: 'transparent' },
	{ file: 'balcony-512.png', size: 512, scale: 1, background: 'transparent' },
	// Launchers cut a maskable icon down to a circle of 80 %.
	{ file: 'balcony-maskable-512.png', size: 512, scale: 0.62, background: '#f6f3ee' },
	{ file: 'apple-touch-icon.png', size: 180, scale: 0.74, background: '#f6f3ee' },
];

const svg = await readFile('public/icons/balcony.svg', 'utf8');
const browser = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox'] });
const page = await browser.newPage();
for (const { file, size, scale, background } of ICONS) {
	await page.setViewportSize({ width: size, height: size });
	const inner = size * scale;
	await page.setContent(
		`<body style="margin:0;height:100vh;display:grid;place-items:center;background:${background}">` +
			`<div style="width:${inner}px;height:${inner}px">${svg}</div></body>`,
	);
	await page.screenshot({ path: `public/icons/${file}`, omitBackground: true });
}
await browser.close();

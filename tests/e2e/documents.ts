/** A PDF of so many pages that say their number; with what is not to run, lead anywhere or be asked for. */
export function pdf(pages: number): Buffer {
	const objects: string[] = [];
	const add = (text: string) => objects.push(text);
	const kids = Array.from({ length: pages }, (_, page) => `${4 + 2 * page} 0 R`).join(' ');
	const script =
		'/OpenAction << /S /JavaScript /JS (app.alert("run"); this.submitForm("http://localhost:9/a")) >>';
	add(`<< /Type /Catalog /Pages 2 0 R ${script} >>`);
	add(`<< /Type /Pages /Kids [${kids}] /Count ${pages} >>`);
	add('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>');
	for (let page = 0; page < pages; page++) {
		const link =
			'/Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 600 800] /A << /S /URI /URI (http://localhost:9/b) >> >>]';
		add(
			`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 420 594] /Resources << /Font << /F1 3 0 R >> >> /Contents ${5 + 2 * page} 0 R ${link} >>`,
		);
		const drawn = `0.6 0.2 0.1 rg 40 40 340 200 re f BT /F1 40 Tf 60 400 Td (This is page ${page + 1}) Tj ET`;
		add(`<< /Length ${drawn.length} >>\nstream\n${drawn}\nendstream`);
	}
	let text = '%PDF-1.7\n';
	const places = objects.map((object, at) => {
		const place = text.length;
		text += `${at + 1} 0 obj\n${object}\nendobj\n`;
		return place;
	});
	const xref = text.length;
	const rows = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
	const count = objects.length + 1;
	text += `xref\n0 ${count}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${count} /Root 1 0 R >>\nstartxref\n${xref}\n%%EOF\n`;
	return Buffer.from(text, 'latin1');
}

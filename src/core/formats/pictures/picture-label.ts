/**
 * Pictures that browsers do not show, and that may tell where and by whom they were made: what stands where, and what to call
 * them. DNG, NEF, ARW and most other raw of cameras is TIFF; what is not begins with its maker's mark.
 */
const MARKS: readonly (readonly [offset: number, mark: string, label: string])[] = [
	...[
		'IIRO',
		'IIRS',
		'MMOR',
		'IIU\0',
		'\x89LFP\r\n',
		'FUJIFILMCCD-RAW',
		'FOVb',
		'\0MRM',
		'II\x1a\0\0\0HEAPCCDR',
	].map((mark) => [0, mark, 'Camera raw picture'] as const),
	...['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].map((mark) => [0, mark, 'TIFF picture'] as const),
	[0, 'II\xbc\0', 'JPEG XR picture'],
	[0, 'II\xbc\x01', 'JPEG XR picture'],
	[4, 'jP  \r\n\x87\n', 'JPEG 2000 picture'],
	[0, '\xff\x4f\xff\x51', 'JPEG 2000 picture'],
	[0, '8BPS\0', 'Photoshop picture'],
	[0, 'gimp xcf ', 'GIMP picture'],
	[0, 'v/1\x01', 'OpenEXR picture'],
	[0, '#?RADIANCE\n', 'Radiance picture'],
	[0, '#?RGBE\n', 'Radiance picture'],
	[0, `SIMPLE  =${' '.repeat(20)}T`, 'FITS picture'],
	[128, 'DICM', 'DICOM picture'],
	[0, '\x8aMNG\r\n', 'MNG picture'],
	[0, '\x8bJNG\r\n', 'JNG picture'],
	[0, 'FLIF', 'FLIF picture'],
	[0, 'BPG\xfb', 'BPG picture'],
	[0, 'Paint Shop Pro Image File', 'Paint Shop Pro picture'],
];

/** The name of the format of such a picture; undefined for other files. `text`: the first bytes, a letter each. */
export function pictureLabel(text: string): string | undefined {
	// Canon's CR2 is TIFF, and says so itself.
	if (text.startsWith('II*\0') && text.startsWith('CR', 8)) return 'Camera raw picture';
	return MARKS.find(([offset, mark]) => text.startsWith(mark, offset))?.[2];
}

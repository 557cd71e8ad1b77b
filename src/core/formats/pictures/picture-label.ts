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
	].map((mark) => [0, mark, 'Camera raw image'] as const),
	...['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].map((mark) => [0, mark, 'TIFF image'] as const),
	[0, 'II\xbc\0', 'JPEG XR image'],
	[0, 'II\xbc\x01', 'JPEG XR image'],
	[4, 'jP  \r\n\x87\n', 'JPEG 2000 image'],
	[0, '\xff\x4f\xff\x51', 'JPEG 2000 image'],
	[0, '8BPS\0', 'Photoshop image'],
	[0, 'gimp xcf ', 'GIMP image'],
	[0, 'v/1\x01', 'OpenEXR image'],
	[0, '#?RADIANCE\n', 'Radiance image'],
	[0, '#?RGBE\n', 'Radiance image'],
	[0, `SIMPLE  =${' '.repeat(20)}T`, 'FITS image'],
	[128, 'DICM', 'DICOM image'],
	[0, '\x8aMNG\r\n', 'MNG image'],
	[0, '\x8bJNG\r\n', 'JNG image'],
	[0, 'FLIF', 'FLIF image'],
	[0, 'BPG\xfb', 'BPG image'],
	[0, 'Paint Shop Pro Image File', 'Paint Shop Pro image'],
];

/** The name of the format of such a picture; undefined for other files. `text`: the first bytes, a letter each. */
export function pictureLabel(text: string): string | undefined {
	// Canon's CR2 is TIFF, and says so itself.
	if (text.startsWith('II*\0') && text.startsWith('CR', 8)) return 'Camera raw image';
	return MARKS.find(([offset, mark]) => text.startsWith(mark, offset))?.[2];
}

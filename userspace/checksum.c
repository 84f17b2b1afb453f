// SPDX-License-Identifier: GPL-2.0
/*
 * The seal behind the last page of a trace.dat that we wrote. Pure.
 *
 * The format itself has no checksum: a flipped bit in a page would be a
 * wrong number. Readers of the format look only where its head points to.
 */

#include <stdio.h>
#include <string.h>

#include "checksum.h"

/**
 * crc32_add - CRC-32 as in zip and Ethernet
 * @crc: of what came before; 0 in the beginning
 * @data: bytes
 * @len: how many
 *
 * Return: the CRC of all.
 */
uint32_t crc32_add(uint32_t crc, const void *data, size_t len)
{
	static uint32_t table[256];
	const unsigned char *byte = data;
	uint32_t i, bit;

	for (i = 0; !table[255] && i < 256; i++) {
		table[i] = i;
		for (bit = 0; bit < 8; bit++)
			table[i] = table[i] & 1 ?
				   table[i] >> 1 ^ 0xedb88320U : table[i] >> 1;
	}
	crc = ~crc;
	while (len--)
		crc = crc >> 8 ^ table[(crc ^ *byte++) & 0xff];
	return ~crc;
}

/**
 * seal_make - the seal of a file
 * @seal: receives it
 * @crc: of everything before the seal
 */
void seal_make(char seal[SEAL_LEN], uint32_t crc)
{
	memset(seal, 0, SEAL_LEN);
	snprintf(seal, SEAL_LEN, SEAL_WORD "%08x\n", crc);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * The seal behind the last page of a trace.dat that we wrote. Pure.
 *
 * The format itself has no checksum: a flipped bit in a page would be a
 * wrong number. Readers of the format look only where its head points to.
 */

#include <stdio.h>
#include <string.h>

#include "base/checksum.h"

#define POLY	0xedb88320U

#if defined(__x86_64__)

#include <immintrin.h>

/* Blocks of 64 bytes are folded into one; what x^n is modulo the polynomial. */
#define FOLD_512	_mm_set_epi64x(0x00000001c6e41596, 0x0000000154442bd4)
#define FOLD_128	_mm_set_epi64x(0x00000000ccaa009e, 0x00000001751997d0)
#define FOLD_64		_mm_set_epi64x(0, 0x0000000163cd6124)
#define BARRETT		_mm_set_epi64x(0x00000001f7011641, 0x00000001db710641)

static __m128i load(const unsigned char *byte)
{
	return _mm_loadu_si128((const __m128i *)(const void *)byte);
}

__attribute__((target("pclmul,sse4.1")))
static __m128i fold(__m128i sum, __m128i by, __m128i next)
{
	const __m128i low = _mm_clmulepi64_si128(sum, by, 0x00);
	const __m128i high = _mm_clmulepi64_si128(sum, by, 0x11);

	return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

/* Gopal et al., Fast CRC Computation Using PCLMULQDQ, 2009; @len: n * 16, >= 64 */
__attribute__((target("pclmul,sse4.1")))
static uint32_t crc32_fold(uint32_t crc, const unsigned char *byte, size_t len)
{
	const __m128i low32 = _mm_setr_epi32(~0, 0, ~0, 0);
	__m128i sum[4], rest;
	int i;

	for (i = 0; i < 4; i++)
		sum[i] = load(byte + 16 * i);
	sum[0] = _mm_xor_si128(sum[0], _mm_cvtsi32_si128((int)crc));
	for (byte += 64, len -= 64; len >= 64; byte += 64, len -= 64) {
		/* else the sums are in memory, at -O2, and that takes twice as long */
#pragma GCC unroll 4
		for (i = 0; i < 4; i++)
			sum[i] = fold(sum[i], FOLD_512, load(byte + 16 * i));
	}
	for (i = 1; i < 4; i++)
		sum[i] = fold(sum[i - 1], FOLD_128, sum[i]);
	for (; len; byte += 16, len -= 16)
		sum[3] = fold(sum[3], FOLD_128, load(byte));
	/* 128 bits to 64, to 32 */
	rest = _mm_clmulepi64_si128(sum[3], FOLD_128, 0x10);
	sum[0] = _mm_xor_si128(_mm_srli_si128(sum[3], 8), rest);
	rest = _mm_srli_si128(sum[0], 4);
	sum[0] = _mm_clmulepi64_si128(_mm_and_si128(sum[0], low32), FOLD_64, 0x00);
	sum[0] = _mm_xor_si128(sum[0], rest);
	rest = _mm_clmulepi64_si128(_mm_and_si128(sum[0], low32), BARRETT, 0x10);
	rest = _mm_clmulepi64_si128(_mm_and_si128(rest, low32), BARRETT, 0x00);
	return (uint32_t)_mm_extract_epi32(_mm_xor_si128(sum[0], rest), 1);
}

static int can_fold(void)
{
	return __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1");
}

#else

static uint32_t crc32_fold(uint32_t crc, const unsigned char *byte, size_t len)
{
	(void)byte;
	(void)len;
	return crc;
}

static int can_fold(void)
{
	return 0;
}

#endif

/* A byte at a time; without the two inversions. */
static uint32_t crc32_bytes(uint32_t crc, const unsigned char *byte, size_t len)
{
	while (len--) {
		static const uint32_t nibble[16] = {
			0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac,
			0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
			0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
			0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
		};

		crc ^= *byte++;
		crc = crc >> 4 ^ nibble[crc & 15];
		crc = crc >> 4 ^ nibble[crc & 15];
	}
	return crc;
}

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
	const unsigned char *byte = data;

	crc = ~crc;
	if (len >= 64 && can_fold()) {
		const size_t whole = len & ~(size_t)15;

		crc = crc32_fold(crc, byte, whole);
		byte += whole;
		len -= whole;
	}
	return ~crc32_bytes(crc, byte, len);
}

/* Product of two polynomials modulo that of the CRC; the highest bit is x^0. */
static uint32_t multiply(uint32_t a, uint32_t b)
{
	uint32_t product = 0;

	for (; a; a <<= 1) {
		if (a & 1U << 31)
			product ^= b;
		b = b & 1 ? b >> 1 ^ POLY : b >> 1;
	}
	return product;
}

/**
 * crc32_join - CRC of bytes whose parts were looked at apart
 * @crc: of what comes first
 * @next: of what follows it
 * @len: bytes of that
 *
 * Return: the CRC of all.
 */
uint32_t crc32_join(uint32_t crc, uint32_t next, uint64_t len)
{
	uint32_t power = 1U << 23;	/* x^8: one byte */

	for (; len; len >>= 1) {
		if (len & 1)
			crc = multiply(power, crc);
		power = multiply(power, power);
	}
	return crc ^ next;
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

#include "sys.h"

/* Volatile, lest the compiler recognise the loop and turn it into a call to the function it stands in. */

void *memcpy(void *to, const void *from, size_t n)
{
	volatile unsigned char *t = to;
	const unsigned char *f = from;

	while (n--)
		*t++ = *f++;
	return to;
}

void *memmove(void *to, const void *from, size_t n)
{
	volatile unsigned char *t = to;
	const unsigned char *f = from;

	if (t < f)
		return memcpy(to, from, n);
	while (n--)
		t[n] = f[n];
	return to;
}

void *memset(void *to, int byte, size_t n)
{
	volatile unsigned char *t = to;

	while (n--)
		*t++ = (unsigned char)byte;
	return to;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const volatile unsigned char *x = a;
	const volatile unsigned char *y = b;

	for (; n; n--, x++, y++)
		if (*x != *y)
			return *x - *y;
	return 0;
}

size_t text_length(const char *text)
{
	const volatile char *end = text;

	while (*end)
		end++;
	return (size_t)(end - text);
}

char *put_text(char *to, const char *text)
{
	size_t length = text_length(text);

	memcpy(to, text, length + 1);
	return to + length;
}

char *put_number(char *to, long number)
{
	char digits[20];
	size_t n = 0;
	unsigned long rest = number < 0 ? 0ul - (unsigned long)number : (unsigned long)number;

	if (number < 0)
		*to++ = '-';
	do
		digits[n++] = (char)('0' + rest % 10);
	while (rest /= 10);
	while (n)
		*to++ = digits[--n];
	*to = 0;
	return to;
}

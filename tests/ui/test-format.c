/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "socketeer-format.h"

static void
check_size (guint64 n, const char *expected)
{
  g_autofree char *text = socketeer_format_size (n);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_size (void)
{
  static const struct
  {
    guint64 n;
    const char *text;
  } cases[] = {
    { 0, "0 B" },
    { 1, "1 B" },
    { 1023, "1023 B" },
    { 1024, "1.0 KiB" },
    { 1075, "1.0 KiB" },
    { 1076, "1.1 KiB" },
    { 1536, "1.5 KiB" },
    { 1023 * 1024 + 971, "1023.9 KiB" },
    { 1024 * 1024 - 1, "1.0 MiB" },
    { 1024 * 1024, "1.0 MiB" },
    { 1234567, "1.2 MiB" },
    { G_GUINT64_CONSTANT (1) << 30, "1.0 GiB" },
    { (G_GUINT64_CONSTANT (1) << 30) - 1, "1.0 GiB" },
    { G_GUINT64_CONSTANT (5) << 40, "5.0 TiB" },
    { G_GUINT64_CONSTANT (1) << 50, "1.0 PiB" },
    { G_GUINT64_CONSTANT (1) << 60, "1.0 EiB" },
    { G_MAXUINT64, "16.0 EiB" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    check_size (cases[i].n, cases[i].text);
}

static void
test_bytes (void)
{
  static const struct
  {
    guint64 n;
    const char *text;
  } cases[] = {
    { 0, "0 bytes" },
    { 1, "1 byte" },
    { 2, "2 bytes" },
    { 1000, "1000 bytes" },
    { 1000001, "1000001 bytes" },
    { G_GUINT64_CONSTANT (4294967297), "4294967297 bytes" },
    { G_MAXUINT64, "18446744073709551615 bytes" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = socketeer_format_bytes (cases[i].n);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_rate (void)
{
  static const struct
  {
    double rate;
    const char *text;
  } cases[] = {
    { 0, "0 B/s" },
    { 0.4, "0 B/s" },
    { 999.9, "999 B/s" },
    { 1536, "1.5 KiB/s" },
    { 2e9, "1.9 GiB/s" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = socketeer_format_rate (cases[i].rate);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/format/size", test_size);
  g_test_add_func ("/ui/format/bytes", test_bytes);
  g_test_add_func ("/ui/format/rate", test_rate);
  return g_test_run ();
}

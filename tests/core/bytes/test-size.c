/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "skt-size.h"

#define MIB G_GUINT64_CONSTANT (0x100000)

static void
test_to_text (void)
{
  static const struct
  {
    guint64 size;
    const char *text;
  } cases[] = {
    { 0, "0 B" },
    { 1023, "1023 B" },
    { 1024, "1 KiB" },
    { 1500, "1.5 KiB" },
    { 1024 * 1023, "1023 KiB" },
    { MIB - 1, "1 MiB" },
    { MIB, "1 MiB" },
    { 16 * 1024 * MIB, "16 GiB" },
    { 16 * 1024 * MIB + 52 * MIB, "16.1 GiB" },
    { 1229 * MIB, "1.2 GiB" },
    { G_MAXUINT64, "16 EiB" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = skt_size_to_text (cases[i].size);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_from_text (void)
{
  static const struct
  {
    const char *text;
    guint64 size;
  } cases[] = {
    { "16", 16 * 1024 * MIB },
    { "0", 0 },
    { "0.5", 512 * MIB },
    { "0,5", 512 * MIB },
    { " 1.5 GiB ", 1536 * MIB },
    { "500 MiB", 500 * MIB },
    { "500mb", 500 * MIB },
    { "500 M", 500 * MIB },
    { "1 TiB", 1024 * 1024 * MIB },
    { "100 b", 100 },
    { "64k", 65536 },
    { "1.5 b", 2 },
    { "15 EiB", 15 * (G_GUINT64_CONSTANT (1) << 60) },
  };
  static const char *const bad[] = {
    "", " ", "GiB", "-1", "+1", "nan", "inf", "0x10", "1 GiBit", "1 XiB", "16 EiB", "1e400", "1.2.3", "1 2",
  };
  guint64 size;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_true (skt_size_from_text (cases[i].text, 1024 * MIB, &size));
      g_assert_cmpuint (size, ==, cases[i].size);
    }
  size = 7;
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    if (skt_size_from_text (bad[i], 1, &size))
      g_error ("“%s” was taken for %" G_GUINT64_FORMAT, bad[i], size);
  g_assert_cmpuint (size, ==, 7);
}

/* What is shown means what is meant, but for its last digit. */
static void
test_there_and_back (void)
{
  for (guint i = 0; i < 2000; i++)
    {
      guint64 size = ((guint64) g_test_rand_int () << 32 | (guint64) g_test_rand_int ()) >> g_test_rand_int_range (5, 64);
      g_autofree char *text = skt_size_to_text (size);
      guint64 back;

      g_assert_true (skt_size_from_text (text, 1, &back));
      g_assert_cmpfloat (ABS ((double) back - (double) size), <=, 0.06 * MAX (size, 1));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/size/to-text", test_to_text);
  g_test_add_func ("/core/size/from-text", test_from_text);
  g_test_add_func ("/core/size/there-and-back", test_there_and_back);
  return g_test_run ();
}

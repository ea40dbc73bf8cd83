/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "check-import.h"

#include <string.h>

#include "skt-pcapng.h"

#define OPENED "#1 connecting to 10.0.0.2:2000\n#1 connected: 10.0.0.1:1000 → 10.0.0.2:2000\n"

static void
begin (Capture *self)
{
  capture_begin (self, SKT_LINKTYPE_RAW, 6);
  capture_segment (self, 0, 99, 0, "S", "");
  capture_segment (self, 1, 999, 100, "SA", "");
  capture_segment (self, 0, 100, 1000, "A", "");
}

/* The time in ns of the first record. */
static guint64
get_time (Fixture *fixture)
{
  g_autofree char *text = dup_records (fixture, TRUE);

  return g_ascii_strtoull (text, NULL, 10);
}

/* What was sent again, early, or both, in any order. */
static void
test_order (Fixture *fixture, gconstpointer data)
{
  Capture capture = { 0 };

  begin (&capture);
  capture_segment (&capture, 0, 100, 1000, "PA", "abc");
  capture_segment (&capture, 0, 99, 0, "S", "");
  capture_segment (&capture, 0, 100, 1000, "PA", "abc");
  capture_segment (&capture, 0, 109, 1000, "PA", "jkl");
  capture_segment (&capture, 0, 106, 1000, "PA", "ghi");
  capture_segment (&capture, 0, 106, 1000, "PA", "ghi");
  capture_segment (&capture, 0, 102, 1000, "PA", "cdef");
  capture_segment (&capture, 0, 108, 1000, "PA", "ijkl");
  capture_segment (&capture, 1, 1000, 112, "PA", "answer");
  capture_segment (&capture, 0, 111, 1006, "A", "0");
  capture_import (fixture, &capture);
  g_assert_null (fixture->import->warning);
  g_assert_cmpstr (g_hash_table_lookup (fixture->import->peers, GUINT_TO_POINTER (1)), ==, "10.0.0.2:2000");
  assert_records (fixture,
                  OPENED
                  "sent #1 0 abc\n"
                  "sent #1 3 def\n"
                  "sent #1 6 ghi\n"
                  "sent #1 9 jkl\n"
                  "received #1 0 answer\n");
  capture_clear (&capture);
}

/* What never comes is noted where it is known that it won't. */
static void
test_gaps (Fixture *fixture, gconstpointer data)
{
  Capture capture = { 0 };

  begin (&capture);
  capture_segment (&capture, 1, 1000, 100, "PA", "one");
  capture_segment (&capture, 1, 1010, 100, "PA", "two");
  /* It was received. */
  capture_segment (&capture, 0, 100, 1013, "A", "");
  capture_segment (&capture, 1, 1013, 100, "PA", "three");
  capture_segment (&capture, 0, 101, 1018, "PA", "late");
  capture_segment (&capture, 0, 106, 1018, "PA", "x");
  capture_segment (&capture, 0, 105, 1018, "FA", "");
  capture_segment (&capture, 1, 1018, 100, "RA", "");
  capture_segment (&capture, 1, 1018, 100, "PA", "after the end");
  capture_import (fixture, &capture);
  assert_records (fixture,
                  OPENED
                  "received #1 0 one\n"
                  "#1 7 received bytes are missing here: they were not captured\n"
                  "received #1 10 two\n"
                  "received #1 13 three\n"
                  "#1 1 sent byte is missing here: it was not captured\n"
                  "sent #1 1 late\n"
                  "#1 this side has finished sending (FIN)\n"
                  "#1 closed: the peer reset the connection (RST)\n");
  capture_clear (&capture);
}

/* More early segments than wait: they are given out with a gap, not forgotten. */
static void
test_many_early (Fixture *fixture, gconstpointer data)
{
  g_autofree char *block = g_strnfill (30000, 'x');
  Capture capture = { 0 };
  g_autofree char *text = NULL;
  guint n = 0;

  begin (&capture);
  for (guint i = 0; i < 60; i++)
    capture_segment (&capture, 1, 1001 + 30000 * i, 100, "PA", block);
  capture_import (fixture, &capture);
  text = dup_records (fixture, FALSE);
  for (const char *p = text; (p = strstr (p, "received #1 ")) != NULL; p++)
    n++;
  g_assert_cmpuint (n, ==, 60);
  g_assert_nonnull (strstr (text, "#1 1 received byte is missing here"));
  capture_clear (&capture);
}

static void
test_ends (Fixture *fixture, gconstpointer data)
{
  Capture capture = { 0 };

  begin (&capture);
  /* The peer first; its FIN comes before its last bytes. */
  capture_segment (&capture, 1, 1003, 100, "FA", "!");
  capture_segment (&capture, 1, 1000, 100, "PA", "bye");
  capture_segment (&capture, 0, 100, 1005, "FPA", "ok");
  capture_segment (&capture, 0, 100, 1005, "FPA", "ok");
  capture_segment (&capture, 1, 1005, 103, "A", "");
  /* The same ports again, and refused. */
  capture_segment (&capture, 0, 5000, 0, "S", "");
  capture_segment (&capture, 1, 0, 5001, "RA", "");
  /* Again, seen from within; here is who speaks first. */
  capture_segment (&capture, 1, 70000, 1, "PA", "hello");
  capture_segment (&capture, 0, 6000, 0, "S", "");
  capture_segment (&capture, 1, 7000, 6001, "SA", "");
  capture_segment (&capture, 0, 6001, 7001, "FA", "");
  capture_segment (&capture, 1, 7001, 6002, "FA", "");
  capture_import (fixture, &capture);
  assert_records (fixture,
                  OPENED
                  "received #1 0 bye\n"
                  "received #1 3 !\n"
                  "#1 the peer has finished sending (FIN)\n"
                  "sent #1 0 ok\n"
                  "#1 this side has finished sending (FIN)\n"
                  "#1 closed: the peer closed the connection (FIN)\n"
                  "#2 connecting to 10.0.0.2:2000\n"
                  "#2 failed: 10.0.0.2:2000: refused: nothing listens on this port (RST in answer to SYN)\n"
                  "#3 connecting to 10.0.0.2:2000\n"
                  "#3 connected: 10.0.0.1:1000 → 10.0.0.2:2000\n"
                  "#3 this side has finished sending (FIN)\n"
                  "#3 the peer has finished sending (FIN)\n"
                  "#3 closed: you closed the connection\n");
  capture_clear (&capture);
}

static void
test_wrap (Fixture *fixture, gconstpointer data)
{
  Capture capture = { 0 };

  capture_begin (&capture, SKT_LINKTYPE_RAW, 6);
  capture_segment (&capture, 0, 0xFFFFFFFD, 0, "S", "");
  capture_segment (&capture, 1, 0x7FFFFFFE, 0xFFFFFFFE, "SA", "");
  capture_segment (&capture, 0, 0x00000001, 0x7FFFFFFF, "PA", "def");
  capture_segment (&capture, 0, 0xFFFFFFFE, 0x7FFFFFFF, "PA", "abc");
  capture_segment (&capture, 1, 0x7FFFFFFF, 4, "PA", "xy");
  capture_segment (&capture, 1, 0x80000001, 4, "PA", "z");
  /* As far away as can be: neither before nor after. */
  capture_segment (&capture, 0, 0x80000004, 0x80000002, "PA", "far");
  capture_import (fixture, &capture);
  assert_records (fixture, OPENED "sent #1 0 abc\nsent #1 3 def\nreceived #1 0 xy\nreceived #1 2 z\n");
  capture_clear (&capture);
}

/* A capture that begins within. */
static void
test_midway (Fixture *fixture, gconstpointer data)
{
  Capture capture = { 0 };

  capture_begin (&capture, SKT_LINKTYPE_RAW, 6);
  capture_segment (&capture, 0, 5, 6, "A", "");
  capture_segment (&capture, 1, 500000, 6, "PA", "first");
  capture_segment (&capture, 0, 5, 500005, "PA", "second");
  capture_import (fixture, &capture);
  assert_records (fixture,
                  "#1 connected: 10.0.0.2:2000 → 10.0.0.1:1000\n"
                  "sent #1 0 first\n"
                  "received #1 0 second\n");
  capture_clear (&capture);
}

/* -- Layers below -------------------------------------------------------------------------------------------- */

static void
check_link (Fixture *fixture, int link_type, const char *header, gsize length)
{
  g_autoptr (GByteArray) packet = make_packet (0, 1, 1, "PA", "link");
  g_autoptr (GByteArray) frame = g_byte_array_new ();
  static const guint8 filling[6];
  Capture capture = { 0 };

  g_byte_array_append (frame, (const guint8 *) header, length);
  g_byte_array_append (frame, packet->data, packet->len);
  g_byte_array_append (frame, filling, sizeof filling);
  capture_begin (&capture, link_type, 6);
  capture_frame (&capture, 0, frame->data, frame->len, frame->len);
  capture_import (fixture, &capture);
  g_assert_null (fixture->import->warning);
  assert_records (fixture, "#1 connected: 10.0.0.1:1000 → 10.0.0.2:2000\nsent #1 0 link\n");
  capture_clear (&capture);
}

static void
test_links (Fixture *fixture, gconstpointer data)
{
  check_link (fixture, SKT_LINKTYPE_RAW, "", 0);
  check_link (fixture, SKT_LINKTYPE_IPV4, "", 0);
  check_link (fixture, SKT_LINKTYPE_NULL, "\2\0\0\0", 4);
  check_link (fixture, SKT_LINKTYPE_LOOP, "\0\0\0\2", 4);
  check_link (fixture, SKT_LINKTYPE_ETHERNET, "ddddddssssss\x08\0", 14);
  check_link (fixture, SKT_LINKTYPE_ETHERNET, "ddddddssssss\x81\0\0\1\x08\0", 18);
  check_link (fixture, SKT_LINKTYPE_ETHERNET, "ddddddssssss\x88\xa8\0\1\x81\0\0\2\x08\0", 22);
  check_link (fixture, SKT_LINKTYPE_LINUX_SLL, "\0\0\0\1\0\6aaaaaa\0\0\x08\0", 16);
  check_link (fixture, SKT_LINKTYPE_LINUX_SLL2, "\x08\0\0\0\0\0\0\1\0\1\0\6aaaaaaaa", 20);
}

static void
test_ip6 (Fixture *fixture, gconstpointer data)
{
  const guint8 packet[] = {
    0x60, 0, 0, 0, 0, 8 + 16 + 20 + 3, 0, 64,
    0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
    0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2,
    60, 0, 0, 0, 0, 0, 0, 0,                             /* hop by hop */
    6, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,      /* destination options of 16 bytes */
    0x03, 0xe8, 0x07, 0xd0, 0, 0, 0, 1, 0, 0, 0, 1, 0x50, 0x18, 0xff, 0xff, 0, 0, 0, 0,
    's', 'i', 'x',
  };
  Capture capture = { 0 };

  capture_begin (&capture, SKT_LINKTYPE_IPV6, 6);
  capture_frame (&capture, 0, packet, sizeof packet, sizeof packet);
  capture_import (fixture, &capture);
  assert_records (fixture, "#1 connected: [fe80::1]:1000 → [fe80::2]:2000\nsent #1 0 six\n");
  capture_clear (&capture);
}

/* Every beginning of a packet, and every byte of its headers changed: what is no TCP is counted, nothing else happens. */
static void
test_left_out (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GByteArray) packet = make_packet (0, 1, 1, "PA", "");
  Capture capture = { 0 };

  capture_begin (&capture, SKT_LINKTYPE_RAW, 6);
  for (gsize length = 0; length < packet->len; length++)
    capture_frame (&capture, 0, packet->data, length, packet->len);
  packet->data[6] = 0x20; /* more fragments */
  capture_frame (&capture, 0, packet->data, packet->len, packet->len);
  packet->data[6] = 0;
  packet->data[9] = 17;   /* UDP */
  capture_frame (&capture, 0, packet->data, packet->len, packet->len);
  capture_import (fixture, &capture);
  g_assert_cmpstr (fixture->import->warning, ==,
                   "42 packets were left out: they are not complete TCP packets.");
  assert_records (fixture, "");
  capture_clear (&capture);
  /* An unknown link type. */
  capture_begin (&capture, 147, 6);
  capture_segment (&capture, 0, 1, 1, "PA", "x");
  capture_import (fixture, &capture);
  g_assert_cmpstr (fixture->import->warning, ==, "1 packet was left out: it is not a complete TCP packet.");
  capture_clear (&capture);
}

/* Only the beginning of each packet was kept. */
static void
test_cut (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GByteArray) first = make_packet (1, 1000, 100, "PA", "first part");
  Capture capture = { 0 };

  begin (&capture);
  capture_frame (&capture, 1, first->data, first->len - 5, first->len);
  capture_segment (&capture, 1, 1010, 100, "PA", "second");
  capture_segment (&capture, 0, 100, 1016, "A", "");
  capture_import (fixture, &capture);
  assert_records (fixture,
                  OPENED
                  "received #1 0 first\n"
                  "#1 5 received bytes are missing here: they were not captured\n"
                  "received #1 10 second\n");
  g_assert_cmpstr (fixture->import->warning, ==, "Of 1 packet only the beginning was captured.");
  capture_clear (&capture);
}

/* -- Files --------------------------------------------------------------------------------------------------- */

static void
test_swapped (Fixture *fixture, gconstpointer data)
{
  Capture capture = { .is_swapped = TRUE };

  begin (&capture);
  capture_segment (&capture, 0, 100, 1000, "PA", "big endian");
  /* Another section in the other order. */
  capture.is_swapped = FALSE;
  capture_begin (&capture, SKT_LINKTYPE_RAW, 6);
  capture_segment (&capture, 0, 110, 1000, "PA", "little endian");
  capture_import (fixture, &capture);
  g_assert_null (fixture->import->warning);
  assert_records (fixture, OPENED "sent #1 0 big endian\nsent #1 10 little endian\n");
  capture_clear (&capture);
}

static void
check_time (Fixture *fixture, guint8 resolution, guint64 time, guint64 expected_ns)
{
  g_autoptr (GByteArray) packet = make_packet (0, 1, 1, "PA", "x");
  Capture capture = { 0 };

  capture_begin (&capture, SKT_LINKTYPE_RAW, resolution);
  capture_frame (&capture, time, packet->data, packet->len, packet->len);
  capture_import (fixture, &capture);
  g_assert_cmpuint (get_time (fixture), ==, expected_ns);
  capture_clear (&capture);
}

static void
test_times (Fixture *fixture, gconstpointer data)
{
  check_time (fixture, 6, 1795264496789123, G_GUINT64_CONSTANT (1795264496789123000));
  check_time (fixture, 9, TIME_NS, TIME_NS);
  check_time (fixture, 0, 1795264496, G_GUINT64_CONSTANT (1795264496000000000));
  check_time (fixture, 12, TIME_NS, TIME_NS / 1000);
  check_time (fixture, 0x80, 5, G_GUINT64_CONSTANT (5000000000));
  check_time (fixture, 0x80 | 10, 1024 * 3 + 512, G_GUINT64_CONSTANT (3500000000));
  /* What no calendar has. */
  check_time (fixture, 0, G_MAXUINT64, G_MAXUINT64);
  check_time (fixture, 0x7F, G_MAXUINT64, 1);
  check_time (fixture, 0xFF, G_MAXUINT64, 1);
  check_time (fixture, 9, 0, 1);
}

static void
test_simple_packets (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GByteArray) packet = make_packet (0, 100, 1000, "PA", "simple");
  g_autoptr (GByteArray) body = g_byte_array_new ();
  guint32 length = GUINT32_TO_LE (packet->len);
  Capture capture = { 0 };

  begin (&capture);
  g_byte_array_append (body, (const guint8 *) &length, 4);
  g_byte_array_append (body, packet->data, packet->len);
  capture_block (&capture, SKT_PCAPNG_BLOCK_SIMPLE, body->data, body->len);
  /* A kind that is not known, and statistics. */
  capture_block (&capture, 0x12345678, "unknown", 7);
  capture_block (&capture, 5, "statistics", 10);
  capture_import (fixture, &capture);
  g_assert_null (fixture->import->warning);
  assert_records (fixture, OPENED "sent #1 0 simple\n");
  capture_clear (&capture);
}

static void
check_pcap (Fixture *fixture, guint32 magic, gboolean is_swapped, guint64 expected_ns)
{
  const guint32 header[] = { magic, 0x00040002, 0, 0, 65535, SKT_LINKTYPE_RAW };
  g_autoptr (GByteArray) packet = make_packet (0, 1, 1, "PA", "old");
  const guint32 packet_header[] = { 1795264496, 789123, packet->len, packet->len };
  g_autoptr (GByteArray) file = g_byte_array_new ();

  for (guint i = 0; i < 6; i++)
    {
      guint32 value = is_swapped ? GUINT32_TO_BE (header[i]) : GUINT32_TO_LE (header[i]);

      g_byte_array_append (file, (const guint8 *) &value, 4);
    }
  for (guint i = 0; i < 4; i++)
    {
      guint32 value = is_swapped ? GUINT32_TO_BE (packet_header[i]) : GUINT32_TO_LE (packet_header[i]);

      g_byte_array_append (file, (const guint8 *) &value, 4);
    }
  g_byte_array_append (file, packet->data, packet->len);
  write_file (fixture, file->data, file->len);
  import_ok (fixture);
  g_assert_cmpint (fixture->import->kind, ==, SKT_IMPORT_CAPTURE);
  g_assert_null (fixture->import->warning);
  g_assert_cmpuint (get_time (fixture), ==, expected_ns);
  assert_records (fixture, "#1 connected: 10.0.0.1:1000 → 10.0.0.2:2000\nsent #1 0 old\n");
}

static void
test_pcap (Fixture *fixture, gconstpointer data)
{
  check_pcap (fixture, 0xA1B2C3D4, FALSE, G_GUINT64_CONSTANT (1795264496789123000));
  check_pcap (fixture, 0xA1B2C3D4, TRUE, G_GUINT64_CONSTANT (1795264496789123000));
  check_pcap (fixture, 0xA1B23C4D, FALSE, G_GUINT64_CONSTANT (1795264496000789123));
  check_pcap (fixture, 0xA1B23C4D, TRUE, G_GUINT64_CONSTANT (1795264496000789123));
}

/* -- Damage -------------------------------------------------------------------------------------------------- */

static gboolean
is_prefix (const char *text, const char *whole)
{
  return strncmp (text, whole, strlen (text)) == 0;
}

/* Cut off anywhere: what comes before is there, and how much that is is said. */
static void
test_cut_off (Fixture *fixture, gconstpointer data)
{
  g_autofree char *whole = NULL;
  Capture capture = { 0 };

  begin (&capture);
  capture_segment (&capture, 0, 100, 1000, "PA", "abc");
  capture_segment (&capture, 1, 1000, 103, "PA", "def");
  capture_import (fixture, &capture);
  whole = dup_records (fixture, FALSE);
  for (gsize length = capture.bytes->len - 1; length >= 12; length--)
    {
      g_autofree char *text = NULL;

      write_file (fixture, capture.bytes->data, length);
      import_ok (fixture);
      text = dup_records (fixture, FALSE);
      g_assert_true (is_prefix (text, whole));
      if (fixture->import->warning == NULL)
        /* At a border of blocks. */
        g_assert_cmpuint (length % 4, ==, 0);
      else
        g_assert_nonnull (strstr (fixture->import->warning, "damaged or was cut off"));
    }
  capture_clear (&capture);
}

/* Every byte changed: no crash, and never more records than there are packets. */
static void
test_flipped (Fixture *fixture, gconstpointer data)
{
  Capture capture = { 0 };

  begin (&capture);
  capture_segment (&capture, 0, 100, 1000, "PA", "abc");
  capture_segment (&capture, 1, 1000, 103, "FPA", "def");
  for (gsize i = 0; i < capture.bytes->len; i++)
    {
      capture.bytes->data[i] ^= 0xFF;
      write_file (fixture, capture.bytes->data, capture.bytes->len);
      import_ok (fixture);
      if (fixture->import->kind == SKT_IMPORT_CAPTURE)
        g_assert_cmpuint (skt_journal_get_n_records (fixture->import->journal), <=, 15);
      capture.bytes->data[i] ^= 0xFF;
    }
  capture_clear (&capture);
}

/* Comments of a file that says that it is ours are no more trusted than the rest. */
static void
test_false_comments (Fixture *fixture, gconstpointer data)
{
  const char *comments[] = {
    "Connection 4294967295",      "Connection -1",
    "Connection 99999999999999",  "Connection",
    "Connection 1 closed: reason 19, code 0, unsent 0",
    "Connection 1 closed: reason 4294967295, code 99999999999, unsent -5",
    "Connection 1 closed: reason 2, code -2147483648, unsent 18446744073709551615",
    "%s%n%s%n",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (comments); i++)
    for (guint j = 0; j < 3; j++)
      {
        const char *flags[] = { "S", "PA", "RA" };
        g_autoptr (GByteArray) packet = make_packet (0, 5, 5, flags[j], "x");
        g_autoptr (GByteArray) body = g_byte_array_new ();
        const guint32 head[] = { 0, 0, GUINT32_TO_LE (1), GUINT32_TO_LE (packet->len), GUINT32_TO_LE (packet->len) };
        const guint16 option[] = { GUINT16_TO_LE (1), GUINT16_TO_LE (strlen (comments[i])) };
        const guint8 section[] = "\x4D\x3C\x2B\x1A\1\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\4\0\11\0Socketeer\0\0";
        Capture capture = { 0 };

        capture.bytes = g_byte_array_new ();
        capture_block (&capture, SKT_PCAPNG_BLOCK_SECTION, section, sizeof section);
        capture_block (&capture, SKT_PCAPNG_BLOCK_INTERFACE, "\x65\0\0\0\0\0\0", 8);
        g_byte_array_set_size (packet, (packet->len + 3) / 4 * 4);
        g_byte_array_append (body, (const guint8 *) head, sizeof head);
        g_byte_array_append (body, packet->data, packet->len);
        g_byte_array_append (body, (const guint8 *) option, sizeof option);
        g_byte_array_append (body, (const guint8 *) comments[i], strlen (comments[i]));
        capture_block (&capture, SKT_PCAPNG_BLOCK_PACKET, body->data, body->len);
        capture_import (fixture, &capture);
        g_assert_cmpuint (skt_journal_get_n_records (fixture->import->journal), <=, 4);
        capture_clear (&capture);
      }
}

void
add_capture_tests (void)
{
  ADD ("order", test_order);
  ADD ("gaps", test_gaps);
  ADD ("many-early", test_many_early);
  ADD ("ends", test_ends);
  ADD ("wrap", test_wrap);
  ADD ("midway", test_midway);
  ADD ("links", test_links);
  ADD ("ip6", test_ip6);
  ADD ("left-out", test_left_out);
  ADD ("cut", test_cut);
  ADD ("swapped", test_swapped);
  ADD ("times", test_times);
  ADD ("simple-packets", test_simple_packets);
  ADD ("pcap", test_pcap);
  ADD ("cut-off", test_cut_off);
  ADD ("flipped", test_flipped);
  ADD ("false-comments", test_false_comments);
}

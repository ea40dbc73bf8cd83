/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "socketeer-config.h"

#include "skt-preset-import.h"

#include "skt-error.h"
#include "skt-preset-store.h"

#include <string.h>

static GPtrArray *
import (const char *text, gssize length, SktPresetFile expected, guint expected_bad)
{
  SktPresetFile file = SKT_N_PRESET_FILES;
  g_autofree char *problem = NULL;
  g_autoptr (GError) error = NULL;
  guint n_bad = 99;
  GPtrArray *presets = skt_preset_import (text, length < 0 ? strlen (text) : (gsize) length, "File", &file, &n_bad, &problem, &error);

  g_assert_no_error (error);
  g_assert_cmpint (file, ==, expected);
  g_assert_cmpuint (n_bad, ==, expected_bad);
  g_assert_true ((problem != NULL) == (n_bad > 0));
  return presets;
}

static void
check (GPtrArray *presets, guint i, const char *name, const char *bytes, gsize length)
{
  g_autoptr (GBytes) expanded = NULL;

  g_assert_cmpuint (i, <, presets->len);
  g_assert_cmpstr (skt_preset_get_name (presets->pdata[i]), ==, name);
  expanded = skt_message_expand (skt_preset_get_message (presets->pdata[i]), NULL, NULL);
  g_assert_nonnull (expanded);
  g_assert_cmpmem (g_bytes_get_data (expanded, NULL), g_bytes_get_size (expanded), bytes, length);
}

static void
test_packet_sender_json (void)
{
  static const char text[] =
    "\xEF\xBB\xBF[\n    {\n        \"asciistring\": \"SGk=\",\n        \"errorstring\": \"\",\n        \"fromip\": \"You\",\n"
    "        \"hexstring\": \"48 69 0d 0a\",\n        \"name\": \"Hi there\",\n        \"port\": \"55056\",\n        \"repeat\": \"0\",\n"
    "        \"requestpath\": \"\",\n        \"sendresponse\": \"0\",\n        \"tcporudp\": \"TCP\",\n        \"toip\": \"192.168.1.1\"\n    },\n"
    "    { \"name\": \"Null\", \"hexstring\": \"00\", \"tcporudp\": \"UDP\" },\n"
    "    { \"name\": \"Web\", \"hexstring\": \"\", \"tcporudp\": \"HTTP GET\" },\n"
    "    { \"name\": \"Half\", \"hexstring\": \"0\", \"tcporudp\": \"TCP\" },\n"
    "    { \"name\": 5, \"hexstring\": \"00\" }\n]\n";
  g_autoptr (GPtrArray) presets = import (text, -1, SKT_PRESET_FILE_PACKET_SENDER, 3);

  g_assert_cmpuint (presets->len, ==, 2);
  check (presets, 0, "Hi there", "Hi\r\n", 4);
  check (presets, 1, "Null", "\0", 1);
  g_assert_cmpstr (skt_preset_get_group (presets->pdata[0]), ==, "File");
}

static void
test_packet_sender_ini (void)
{
  static const char text[] = "[General]\r\nsize=3\r\n"
                             "[Hi%20there]\r\nfromIP=You\r\nfromPort=0\r\nhexString=48 69\r\nname=Hi there\r\nport=55056\r\nrepeat=0\r\n"
                             "sendResponse=0\r\ntcpOrUdp=TCP\r\ntimestamp=\"Mon, 3 Jan 2022 10:11:12\"\r\ntoIP=192.168.1.1\r\n\r\n"
                             "[%U4F60%U597D]\r\nhexString=DE AD BE EF \r\n"
                             "[quoted]\r\nname=\"a, \\\"b\\\" \\x4f60\"\r\nhexString=\"01, 02\"\r\n"
                             "[folder]\r\nsub\\name=folder/sub\r\nsub\\hexString=03\r\nsub\\tcpOrUdp=TCP\r\nweb\\hexString=04\r\nweb\\tcpOrUdp=HTTPS POST\r\n"
                             "[PacketNames]\r\n1\\name=Hi there\r\nsize=1\r\n";
  g_autoptr (GPtrArray) presets = import (text, -1, SKT_PRESET_FILE_PACKET_SENDER, 1);

  g_assert_cmpuint (presets->len, ==, 4);
  check (presets, 0, "Hi there", "Hi", 2);
  check (presets, 1, "你好", "\xDE\xAD\xBE\xEF", 4);
  check (presets, 2, "a, \"b\" 你", "\1\2", 2);
  check (presets, 3, "folder/sub", "\3", 1);
}

/* Of version 5, as it is written: in GBK, with comments. */
static void
test_sscom (void)
{
  static const char text[] = ";\xC9\xBE\xB3\xFD\xB1\xBE\xCE\xC4\xBC\xFE\r\n"
                             ";\"=\"\r\nN102=0,\xB2\xE9\xD1\xAF,1000\r\nN2=A,AT+\xC4\xE3\r\n\r\nN105=0,,1000\r\nN5=H,12 FF 00 30\r\n\r\n"
                             "N103=1,empty,1000\r\nN3=A,\r\nN104=0,bad,1000\r\nN4=H,1\r\n"
                             "N1051=,1\r\nN1053=,abcdefg\r\nN1057=,Y\r\nN1080=,COM12\r\n;end";
  g_autoptr (GPtrArray) presets = import (text, sizeof text - 1, SKT_PRESET_FILE_SSCOM, 1);

  g_assert_cmpuint (presets->len, ==, 2);
  check (presets, 0, "查询", "AT+\xC4\xE3\r\n", 7);
  check (presets, 1, "N5", "\x12\xFF\x00\x30", 4);
}

/* Of before: no names, and settings from N33. */
static void
test_sscom_old (void)
{
  static const char text[] = ";SSCOM\nN80=,COM3\nN81=,115200\n\nN1=H,12 00 FF 88\nN2=A,output string\nN3=A,\nN33=,abcdefg\nN34=,12 FF 00 30\n"
                             "N35=,A\nN36=,1000\nN37=,N\nN38=,1000\n;end";
  g_autoptr (GPtrArray) presets = import (text, -1, SKT_PRESET_FILE_SSCOM, 0);

  g_assert_cmpuint (presets->len, ==, 2);
  check (presets, 0, "N1", "\x12\x00\xFF\x88", 4);
  check (presets, 1, "N2", "output string", 13);
}

static void
test_netassist (void)
{
  static const char text[] = "[NET]\nPORT=8080\n[SHORTCUT]\nRead=01 03 00 00\nHello=hello\nNone=\n[OTHER]\nx=1\n";
  g_autoptr (GPtrArray) presets = import (text, -1, SKT_PRESET_FILE_NETASSIST, 0);

  g_assert_cmpuint (presets->len, ==, 2);
  check (presets, 0, "Read", "\1\3\0\0", 4);
  check (presets, 1, "Hello", "hello", 5);
}

/* What is exported comes back, with all that belongs to it. */
static void
test_own (void)
{
  g_autoptr (SktPresetStore) store = skt_preset_store_new (NULL);
  g_autoptr (SktMessage) message = skt_message_new (&(SktMessageSettings){ .source = "a\tb\n", .ending = SKT_LINE_ENDING_CRLF }, NULL, NULL);
  g_autoptr (SktPreset) preset = skt_preset_new (&(SktPresetSettings){ .name = "P", .group = "G", .key = SKT_PRESET_KEY_F1 + 2,
                                                                       .colour = SKT_PRESET_COLOUR_BLUE, .message = message });
  g_autoptr (JsonObject) object = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GPtrArray) presets = NULL;

  skt_preset_store_insert (store, preset, 0);
  object = skt_preset_store_to_json (store);
  text = skt_json_format (object, NULL);
  presets = import (text, -1, SKT_PRESET_FILE_OWN, 0);
  check (presets, 0, "P", "a\tb\r\n\r\n", 7);
  g_assert_cmpstr (skt_preset_get_id (presets->pdata[0]), ==, skt_preset_get_id (preset));
  g_assert_cmpstr (skt_preset_get_group (presets->pdata[0]), ==, "G");
  g_assert_cmpint (skt_preset_get_settings (presets->pdata[0])->key, ==, SKT_PRESET_KEY_F1 + 2);
}

static void
test_refused (void)
{
  static const struct
  {
    const char *text;
    gsize length;
  } refused[] = {
    { "", 0 }, { "hello", 5 }, { "[]", 2 }, { "{}", 2 }, { "[{\"name\": \"x\"}]", 15 }, { "[{", 2 }, { "[a]\nb=c\n", 8 },
    { "N1=A,x\0", 7 }, { "N1=B,x\nN101=A,x\n", 16 }, { "{\"format\": \"socketeer-presets\", \"presets\": 1}", 45 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *problem = NULL;
      guint n_bad = 0;

      g_assert_null (skt_preset_import (refused[i].text, refused[i].length, "", NULL, &n_bad, &problem, &error));
      g_assert_error (error, SKT_ERROR, SKT_ERROR_BAD_FILE);
      g_assert_null (problem);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/payload/preset-import/packet-sender-json", test_packet_sender_json);
  g_test_add_func ("/payload/preset-import/packet-sender-ini", test_packet_sender_ini);
  g_test_add_func ("/payload/preset-import/sscom", test_sscom);
  g_test_add_func ("/payload/preset-import/sscom-old", test_sscom_old);
  g_test_add_func ("/payload/preset-import/netassist", test_netassist);
  g_test_add_func ("/payload/preset-import/own", test_own);
  g_test_add_func ("/payload/preset-import/refused", test_refused);
  return g_test_run ();
}

package dev.millrace.connectors.image;

import dev.millrace.connectors.codec.DecodeException;
import dev.millrace.connectors.codec.DecodeFault;
import java.util.HexFormat;
import java.util.Map;

/** Names the format of a file that is neither JPEG nor PNG, where its first bytes tell it. */
final class OtherFormats {

  private static final int SHOWN_BYTES = 8;
  private static final Map<String, String> NAMES =
      Map.of(
          "47494638", "GIF",
          "52494646", "RIFF (WebP)",
          "49492a00", "TIFF",
          "4d4d002a", "TIFF",
          "0000000c", "JPEG 2000 or JPEG XL",
          "424d", "BMP",
          "ff0a", "JPEG XL");

  private OtherFormats() {}

  /** What is wrong with the file. */
  static DecodeException fault(byte[] file) {
    String start = HexFormat.of().formatHex(file, 0, Math.min(SHOWN_BYTES, file.length));
    for (Map.Entry<String, String> format : NAMES.entrySet()) {
      if (start.startsWith(format.getKey())) {
        return Faults.unsupported(
            "the file looks like " + format.getValue() + "; JPEG and PNG are read");
      }
    }
    return new DecodeException(
        DecodeFault.NOT_AN_IMAGE,
        "the bytes start with "
            + start
            + "; ffd8 of a JPEG or 89504e470d0a1a0a of a PNG is expected");
  }
}

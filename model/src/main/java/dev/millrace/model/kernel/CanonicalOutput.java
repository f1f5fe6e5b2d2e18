package dev.millrace.model.kernel;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A {@link java.io.DataOutput} that keeps nothing but the SHA-256 of what is written to it: the
 * digest of a state without its copy in memory.
 */
public final class CanonicalOutput extends DataOutputStream {

  private final MessageDigest digest;

  public CanonicalOutput() {
    this(sha256());
  }

  private CanonicalOutput(MessageDigest digest) {
    super(
        new BufferedOutputStream(
            new DigestOutputStream(OutputStream.nullOutputStream(), digest), 1 << 16));
    this.digest = digest;
  }

  /** SHA-256 of the canonical bytes of a state, 64 lower-case hexadecimal digits. */
  public static String digestOf(CanonicalState state) {
    try (CanonicalOutput out = new CanonicalOutput()) {
      state.writeTo(out);
      return out.digest();
    } catch (IOException e) {
      throw new UncheckedIOException("a digest writes to no device", e);
    }
  }

  /** Digest of everything written since the last call, and starts anew. */
  public String digest() {
    try {
      flush();
    } catch (IOException e) {
      throw new UncheckedIOException("a digest writes to no device", e);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform must offer SHA-256", e);
    }
  }
}

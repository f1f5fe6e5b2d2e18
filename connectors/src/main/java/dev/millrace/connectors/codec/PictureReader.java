package dev.millrace.connectors.codec;

import dev.millrace.model.data.Picture;
import java.io.Serializable;

/** Makes pixels of an image file's bytes. */
@FunctionalInterface
public interface PictureReader extends Serializable {

  /**
   * The picture in the bytes of an image file.
   *
   * @throws DecodeException if there is none; no bytes cause another exception
   */
  Picture read(byte[] image) throws DecodeException;
}

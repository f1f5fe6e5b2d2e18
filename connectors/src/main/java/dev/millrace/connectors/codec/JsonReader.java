package dev.millrace.connectors.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * Reads one JSON object from bytes, field by field, and turns everything that can be wrong with it
 * into a {@link DecodeException}. Objects inside it can be read the same way.
 *
 * <pre>{@code
 * JsonReader reader = JsonReader.open(bytes, limit);
 * for (String field = reader.nextField(); field != null; field = reader.nextField()) {
 *   switch (field) {
 *     case "id" -> id = reader.text();
 *     default -> reader.skip();
 *   }
 * }
 * reader.end();
 * }</pre>
 */
final class JsonReader {

  // Names that make the symbol table collide are the sender's affair, not an exception.
  private static final JsonFactory JSON =
      JsonFactory.builder().disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW).build();
  private static final int SHOWN_CHARACTERS = 40;

  private final JsonParser parser;
  private final Deque<Set<String>> names = new ArrayDeque<>(2);
  private String field;
  private JsonToken token;

  private JsonReader(JsonParser parser) {
    this.parser = parser;
  }

  /** Checks that the bytes are UTF-8 of at most {@code maxBytes}, and enters the object. */
  static JsonReader open(byte[] value, int maxBytes) throws DecodeException {
    requireUtf8(value, maxBytes);
    try {
      JsonReader reader = new JsonReader(JSON.createParser(value));
      reader.advance();
      if (reader.token == null) {
        throw new DecodeException(
            DecodeFault.EMPTY_VALUE, "the value is white space; a JSON object is expected");
      }
      if (reader.token != JsonToken.START_OBJECT) {
        throw new DecodeException(
            DecodeFault.NOT_AN_OBJECT, reader.found() + "; a JSON object is expected");
      }
      reader.names.push(new HashSet<>());
      return reader;
    } catch (IOException e) {
      throw fault(e);
    }
  }

  private static void requireUtf8(byte[] value, int maxBytes) throws DecodeException {
    if (value == null) {
      throw new DecodeException(
          DecodeFault.TOMBSTONE, "the record has no value; a JSON object is expected");
    }
    if (value.length == 0) {
      throw new DecodeException(
          DecodeFault.EMPTY_VALUE, "the value has no bytes; a JSON object is expected");
    }
    if (value.length > maxBytes) {
      throw new DecodeException(
          DecodeFault.VALUE_TOO_LARGE,
          "the value has " + value.length + " bytes; at most " + maxBytes + " are allowed");
    }
    int malformed = Utf8.firstMalformed(value);
    if (malformed >= 0) {
      throw new DecodeException(
          DecodeFault.INVALID_UTF8,
          "byte 0x%02X at index %d is not UTF-8; JSON in UTF-8 is expected"
              .formatted(value[malformed] & 0xFF, malformed));
    }
    // Jackson takes a zero among the first bytes for a sign of UTF-16 or UTF-32.
    for (int i = 0; i < Math.min(4, value.length); i++) {
      if (value[i] == 0) {
        throw new DecodeException(
            DecodeFault.MALFORMED_JSON,
            "byte 0x00 at index " + i + "; JSON in UTF-8 is expected, not UTF-16 or binary data");
      }
    }
  }

  /** Name of the next field, whose value must then be read or skipped; null at the object's end. */
  String nextField() throws DecodeException {
    advance();
    if (token == JsonToken.END_OBJECT) {
      names.pop();
      return null;
    }
    try {
      field = parser.currentName();
    } catch (IOException e) {
      throw fault(e);
    }
    if (!names.element().add(field)) {
      throw new DecodeException(
          DecodeFault.DUPLICATE_FIELD, "field " + quoted(field) + " occurs twice");
    }
    advance();
    return field;
  }

  /** Enters the object that is the field's value. */
  void beginObject() throws DecodeException {
    require(JsonToken.START_OBJECT, "an object");
    names.push(new HashSet<>());
  }

  /** Enters the array that is the field's value. */
  void beginArray() throws DecodeException {
    require(JsonToken.START_ARRAY, "an array");
  }

  /** Goes to the array's next element; false at its end. */
  boolean nextElement() throws DecodeException {
    advance();
    return token != JsonToken.END_ARRAY;
  }

  /** Passes over the field's value, whatever it is. */
  void skip() throws DecodeException {
    try {
      parser.skipChildren();
    } catch (IOException e) {
      throw fault(e);
    }
    if (parser.currentToken() == null) {
      throw new DecodeException(DecodeFault.TRUNCATED_JSON, "the JSON ends inside " + where());
    }
  }

  /** Requires that nothing follows the object. */
  void end() throws DecodeException {
    try {
      if (parser.nextToken() != null) {
        throw trailing();
      }
    } catch (IOException e) {
      // Whatever could not be read there, it is there.
      throw trailing();
    }
  }

  /**
   * The fault to report when the content has one: that of the JSON if it has one further on. A
   * number at which the bytes were cut is not a wrong number.
   */
  DecodeException syntaxFaultOr(DecodeException content) {
    if (content.fault().isSyntactic()) {
      return content;
    }
    try {
      JsonToken next = parser.nextToken();
      while (next != null) {
        next = parser.nextToken();
      }
      return content;
    } catch (IOException e) {
      return fault(e);
    }
  }

  private DecodeException trailing() {
    return new DecodeException(
        DecodeFault.TRAILING_CONTENT,
        "something follows the object at byte "
            + parser.currentTokenLocation().getByteOffset()
            + "; one JSON object is expected");
  }

  boolean isNull() {
    return token == JsonToken.VALUE_NULL;
  }

  boolean isText() {
    return token == JsonToken.VALUE_STRING;
  }

  boolean isInteger() {
    return token == JsonToken.VALUE_NUMBER_INT;
  }

  boolean isNumber() {
    return token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT;
  }

  /** The value, a string. */
  String text() throws DecodeException {
    require(JsonToken.VALUE_STRING, "a string");
    String text = raw();
    if (Utf8.hasUnpairedSurrogate(text)) {
      throw new DecodeException(
          DecodeFault.INVALID_UTF8,
          where() + " has half a surrogate pair, which no UTF-8 text can hold");
    }
    return text;
  }

  /** The value, an integer in the range of a long. */
  long integer(DecodeFault outOfRange) throws DecodeException {
    require(JsonToken.VALUE_NUMBER_INT, "an integer");
    try {
      return parser.getLongValue();
    } catch (InputCoercionException e) {
      throw new DecodeException(
          outOfRange, where() + " is " + shown(raw()) + "; at most 64 bits are expected");
    } catch (IOException e) {
      throw fault(e);
    }
  }

  /** The value as a float32, rounded once. */
  float float32() throws DecodeException {
    return isNumber() ? Float.parseFloat(raw()) : (float) notFinite();
  }

  /** The value as a float64. */
  double real() throws DecodeException {
    return isNumber() ? Double.parseDouble(raw()) : notFinite();
  }

  private double notFinite() throws DecodeException {
    return switch (isText() ? raw() : "") {
      case "NaN" -> Double.NaN;
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      default -> throw wrongType("a number");
    };
  }

  /** The text of the value, a number or a string, as it stands there. */
  String raw() throws DecodeException {
    try {
      return parser.getText();
    } catch (IOException e) {
      throw fault(e);
    }
  }

  /** The fault that the value is of another type. */
  DecodeException wrongType(String expected) throws DecodeException {
    return new DecodeException(
        DecodeFault.WRONG_TYPE, where() + " is " + found() + "; " + expected + " is expected");
  }

  String where() {
    return field == null ? "the object" : "field " + quoted(field);
  }

  private void require(JsonToken expected, String name) throws DecodeException {
    if (token != expected) {
      throw wrongType(name);
    }
  }

  private void advance() throws DecodeException {
    try {
      token = parser.nextToken();
    } catch (IOException e) {
      throw fault(e);
    }
    if (token == null && !names.isEmpty()) {
      throw new DecodeException(DecodeFault.TRUNCATED_JSON, "the JSON ends inside " + where());
    }
  }

  private String found() throws DecodeException {
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_NULL -> "null";
      case VALUE_TRUE, VALUE_FALSE -> "the boolean " + raw();
      case VALUE_STRING -> "the string " + quoted(raw());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "the number " + shown(raw());
      default -> token.name();
    };
  }

  private static DecodeException fault(IOException e) {
    if (e instanceof JsonEOFException) {
      return new DecodeException(
          DecodeFault.TRUNCATED_JSON, "the JSON ends before it is complete: " + firstLine(e));
    }
    String what =
        e instanceof StreamConstraintsException ? "JSON beyond all bounds: " : "no JSON: ";
    return new DecodeException(DecodeFault.MALFORMED_JSON, what + firstLine(e));
  }

  private static String firstLine(IOException e) {
    String message =
        e instanceof JsonProcessingException json
            ? json.getOriginalMessage()
            : String.valueOf(e.getMessage());
    int end = message.indexOf('\n');
    return shortened(end < 0 ? message : message.substring(0, end), 200);
  }

  static String quoted(String text) {
    return '"' + shown(text) + '"';
  }

  static String shown(String text) {
    return shortened(text, SHOWN_CHARACTERS);
  }

  private static String shortened(String text, int characters) {
    if (text.length() <= characters) {
      return text;
    }
    // Half a surrogate pair would spoil the message.
    int end = Character.isHighSurrogate(text.charAt(characters - 1)) ? characters - 1 : characters;
    return text.substring(0, end) + "...";
  }
}

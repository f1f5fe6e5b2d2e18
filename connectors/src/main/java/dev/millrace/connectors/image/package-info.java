/**
 * JPEG and PNG files to pixels: headers are read and judged first, then the JDK's own readers get a
 * file from which everything that is not pixels was left out. Whatever is no image has a fault.
 */
package dev.millrace.connectors.image;

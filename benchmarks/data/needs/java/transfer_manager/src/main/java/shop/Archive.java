package shop;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.transfer.s3.S3TransferManager;
import software.amazon.awssdk.transfer.s3.model.FileUpload;
import software.amazon.awssdk.transfer.s3.model.UploadFileRequest;

public class Archive implements RequestStreamHandler {
  private final S3TransferManager transfers = S3TransferManager.builder().s3Client(S3AsyncClient.crtCreate()).build();

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
    Path file = Files.createTempFile("in", ".bin");
    Files.copy(input, file, StandardCopyOption.REPLACE_EXISTING);
    FileUpload upload = transfers.uploadFile(UploadFileRequest.builder()
        .putObjectRequest(r -> r.bucket(System.getenv("ARCHIVE")).key("day/" + file.getFileName()))
        .source(file)
        .build());
    upload.completionFuture().join();
  }
}
